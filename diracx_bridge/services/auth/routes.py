"""``/api/auth``: logins, tokens, sessions."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.core.models.auth import LegacyExchangeRequest, TokenResponse, UserInfoResponse
from diracx_bridge.db.sql.auth.refresh_tokens import CREATED, LAST
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.auth import login_routes, token_routes
from diracx_bridge.services.auth.audit import attempt
from diracx_bridge.services.auth.form import read_query
from diracx_bridge.services.auth.legacy_exchange import check_api_key, tokens_for
from diracx_bridge.services.auth.revocation import TokenManagement
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.runtime import Runtime, runtime_of

router = APIRouter()
direct = APIRouter(route_class=DirectRoute)
MOST_LISTED: Final = 1000
"""Refresh tokens in one answer."""


@router.get("/refresh-tokens", response_model=list[Any])
async def get_refresh_tokens(
    request: Request,
    user: SignedIn,
    response: Response,
    per_page: Annotated[int, Query(ge=1, le=MOST_LISTED, include_in_schema=False)] = MOST_LISTED,
    before: Annotated[UUID, Query(include_in_schema=False)] = LAST,
) -> list[Any]:
    """The caller's refresh tokens that are good, newest first; with ProxyManagement, all of his VO.

    If there are more, the header ``Link`` names the next page (RFC 8288).
    """
    found = await _management(runtime_of(request)).page(user, per_page, before)
    if len(found) == per_page:
        following = request.url.include_query_params(per_page=per_page, before=found[-1].jti)
        response.headers["Link"] = f'<{following}>; rel="next"'
    return [
        {"JTI": str(token.jti), "Status": 1 if token.status == CREATED else 2, "Scope": token.scope, "Sub": token.sub}
        for token in found
    ]


@router.delete("/refresh-tokens/{jti}")
async def revoke_refresh_token_by_jti(request: Request, user: SignedIn, jti: str) -> str:
    """End one session of the caller; with ProxyManagement, one of his VO."""
    try:
        identifier = UUID(jti)
    except ValueError:
        raise InvalidInput(f"{jti!r:.60} is no UUID") from None
    with attempt(
        request, "token", "revoked", jti=str(identifier), sub=user.sub, vo=user.vo, dirac_group=user.group
    ) as current:
        await _management(runtime_of(request)).revoke(user, identifier, current)
    return "Refresh token revoked"


@direct.get("/userinfo", response_model=UserInfoResponse)
async def userinfo(user: SignedIn) -> Response:
    """Who the bearer of the access token is."""
    info = UserInfoResponse(
        sub=user.sub,
        vo=user.vo,
        dirac_group=user.group,
        policies=dict(user.policies),
        properties=sorted(user.properties),
        preferred_username=user.preferred_username,
    )
    return Response(info.model_dump_json(), media_type="application/json")


@direct.get("/legacy-exchange", include_in_schema=False, response_model=TokenResponse)
async def legacy_exchange(request: Request) -> Response:
    """Tokens for a user whom DIRAC, which knows the API key, vouches for."""
    app = runtime_of(request)
    asked = read_query(request, LegacyExchangeRequest, headers=("authorization",))
    facts = {"preferred_username": asked.preferred_username, "scope": asked.scope, "source": asked.source}
    with attempt(request, "token", "issued", grant_type="legacy_exchange", **facts) as current:
        hashed_key = app.settings.legacy_exchange_hashed_api_key.get_secret_value()
        with app.auth.legacy_limit.counted(request, only_refused=True):
            check_api_key(asked.authorization, hashed_key)
        issued = await tokens_for(
            app.auth, app.source.current.config, asked.preferred_username, asked.scope, asked.expires_minutes, current
        )
    return Response(issued.response().model_dump_json(), headers=token_routes.NO_STORE, media_type="application/json")


# routes are tried in this order: what is asked most is in front
router.routes[:] = [*token_routes.router.routes, *direct.routes, *router.routes, *login_routes.router.routes]


def _management(app: Runtime) -> TokenManagement:
    return TokenManagement(
        app.auth,
        vo_boundaries=app.settings.bridge_vo_boundaries,
        admin_vos=frozenset(app.settings.bridge_admin_vos),
    )

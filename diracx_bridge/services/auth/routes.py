"""``/api/auth``: tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Header, Query, Request, Response

from diracx_bridge.core.errors import InvalidGrant
from diracx_bridge.core.models.auth import TokenResponse, UserInfoResponse
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.auth.exchange import check_api_key
from diracx_bridge.services.runtime import runtime_of

router = APIRouter()
NO_STORE = {"Cache-Control": "no-store"}


@router.post("/token", response_model=TokenResponse)
async def get_oidc_token(
    request: Request,
    grant_type: Annotated[
        Literal["authorization_code"]
        | Literal["urn:ietf:params:oauth:grant-type:device_code"]
        | Literal["refresh_token"],
        Form(description="OAuth 2.0 grant type"),
    ],
    client_id: Annotated[str, Form(description="OAuth 2.0 client id")],
    device_code: Annotated[str | None, Form(description="Device code (RFC 8628)")] = None,
    code: Annotated[str | None, Form(description="Authorization code")] = None,
    redirect_uri: Annotated[str | None, Form(description="Redirect URI of the authorization request")] = None,
    code_verifier: Annotated[str | None, Form(description="PKCE verifier (RFC 7636)")] = None,
    refresh_token: Annotated[str | None, Form(description="Refresh token")] = None,
) -> Response:
    """Exchange a grant for tokens; refresh tokens are the grant that is served."""
    app = runtime_of(request)
    if grant_type != "refresh_token":
        raise InvalidGrant("unsupported_grant_type", f"The grant {grant_type} is not served here; use refresh_token")
    if app.settings.auth is None or client_id != app.settings.auth.dirac_client_id:
        raise InvalidGrant("invalid_client", f"Unrecognised client ID {client_id!r:.100}")
    if not refresh_token:
        raise InvalidGrant("invalid_request", "The form lacks refresh_token")
    issued = await app.exchange.refresh(app.source.current.config, refresh_token)
    return Response(issued.model_dump_json(), headers=NO_STORE, media_type="application/json")


@router.get("/userinfo", response_model=UserInfoResponse)
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


@router.get("/legacy-exchange", include_in_schema=False, response_model=TokenResponse)
async def legacy_exchange(
    request: Request,
    preferred_username: str,
    scope: str,
    authorization: Annotated[str, Header()],
    expires_minutes: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Tokens for a user whom DIRAC, which knows the API key, vouches for."""
    app = runtime_of(request)
    check_api_key(authorization, app.settings.legacy_exchange_hashed_api_key.get_secret_value())
    issued = await app.exchange.for_legacy_user(app.source.current.config, preferred_username, scope, expires_minutes)
    return Response(issued.model_dump_json(), headers=NO_STORE, media_type="application/json")

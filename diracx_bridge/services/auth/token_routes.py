"""``/api/auth/token`` and ``/api/auth/revoke``: tokens for a grant, and the end of a session."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidGrant
from diracx_bridge.core.models.auth import TokenRequest, TokenResponse
from diracx_bridge.services.auth import authorization_flow, device_flow
from diracx_bridge.services.auth.audit import Attempt, attempt
from diracx_bridge.services.auth.form import form_of, read_form
from diracx_bridge.services.auth.issuing import Issued
from diracx_bridge.services.auth.oauth_route import OAuthRoute
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.refresh import refresh
from diracx_bridge.services.auth.revocation import revoke_token
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=OAuthRoute)
FORM_NAME: Final = "Body_auth_get_oidc_token"
"""What the OpenAPI document of DiracX calls the form of /token."""
NO_STORE: Final = {"Cache-Control": "no-store"}


@router.post("/token", response_model=TokenResponse, openapi_extra=form_of(TokenRequest, FORM_NAME))
async def get_oidc_token(request: Request) -> Response:
    """Exchange a grant for tokens: an authorization code, a device code, or a refresh token."""
    app = runtime_of(request)
    asked = await read_form(request, TokenRequest)
    facts = {"grant_type": asked.grant_type, "client_id": asked.client_id}
    with attempt(request, "token", "issued", **facts) as current, app.auth.token_limit.counted(request):
        app.auth.check_client(asked.client_id)
        issued = await _issue(app.auth, app.source.current.config, asked, current)
    return Response(issued.response().model_dump_json(), headers=NO_STORE, media_type="application/json")


async def _issue(auth: AuthParts, config: Config, asked: TokenRequest, current: Attempt) -> Issued:
    if asked.grant_type == "refresh_token":
        return await refresh(auth, config, _needed("refresh_token", asked.refresh_token), current)
    if asked.grant_type == "authorization_code":
        return await authorization_flow.redeem(
            auth,
            config,
            client_id=asked.client_id,
            code=_needed("code", asked.code),
            redirect_uri=_needed("redirect_uri", asked.redirect_uri),
            code_verifier=_needed("code_verifier", asked.code_verifier),
            attempt=current,
        )
    return await device_flow.redeem(
        auth,
        config,
        device_code=_needed("device_code", asked.device_code),
        client_id=asked.client_id,
        attempt=current,
    )


def _needed(name: str, value: str | None) -> str:
    if not value:
        raise InvalidGrant("invalid_request", f"The form lacks {name}")
    return value


@router.post("/revoke")
async def revoke_refresh_token_by_refresh_token(
    request: Request,
    token: Annotated[str, Form(description="The refresh token to revoke")],
    token_type_hint: Annotated[str | None, Form(description="What kind of token it is")] = None,
    client_id: Annotated[str, Form(description="The client that asks for it")] = "myDIRACClientID",
) -> str:
    """End the session of a refresh token (RFC 7009)."""
    app = runtime_of(request)
    with attempt(request, "token", "revoked", client_id=client_id) as current, app.auth.token_limit.counted(request):
        app.auth.check_client(client_id)
        await revoke_token(app.auth, token, token_type_hint, current)
    return "Refresh token revoked"

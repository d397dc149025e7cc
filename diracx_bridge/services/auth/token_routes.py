"""``/api/auth/token`` and ``/api/auth/revoke``: tokens for a grant, and the end of a session."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request, Response

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidGrant
from diracx_bridge.core.models.auth import DEVICE_CODE, TokenResponse
from diracx_bridge.services.auth import authorization_flow, device_flow
from diracx_bridge.services.auth.audit import Attempt, attempt
from diracx_bridge.services.auth.issuing import Issued
from diracx_bridge.services.auth.oauth_route import OAuthRoute
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.refresh import refresh
from diracx_bridge.services.auth.revocation import revoke_token
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=OAuthRoute)
NO_STORE: Final = {"Cache-Control": "no-store"}


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
    """Exchange a grant for tokens: an authorization code, a device code, or a refresh token."""
    app = runtime_of(request)
    form = {
        "device_code": device_code,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": code_verifier,
        "refresh_token": refresh_token,
    }
    facts = {"grant_type": grant_type, "client_id": client_id}
    with attempt(request, "token", "issued", **facts) as current, app.auth.token_limit.counted(request):
        app.auth.check_client(client_id)
        issued = await _issue(app.auth, app.source.current.config, grant_type, client_id, form, current)
    return Response(issued.response().model_dump_json(), headers=NO_STORE, media_type="application/json")


async def _issue(
    auth: AuthParts, config: Config, grant_type: str, client_id: str, form: dict[str, str | None], current: Attempt
) -> Issued:
    def needed(name: str) -> str:
        value = form[name]
        if not value:
            raise InvalidGrant("invalid_request", f"The form lacks {name}")
        return value

    if grant_type == "refresh_token":
        return await refresh(auth, config, needed("refresh_token"), current)
    if grant_type == DEVICE_CODE:
        return await device_flow.redeem(
            auth, config, device_code=needed("device_code"), client_id=client_id, attempt=current
        )
    return await authorization_flow.redeem(
        auth,
        config,
        code=needed("code"),
        redirect_uri=needed("redirect_uri"),
        code_verifier=needed("code_verifier"),
        attempt=current,
    )


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

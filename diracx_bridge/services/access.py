"""The dependency that tells a route who is calling."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OpenIdConnect

from diracx_bridge.core.errors import NotAuthenticated
from diracx_bridge.services.auth.in_passing import RENEWAL, renewed_in_passing
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.runtime import runtime_of


class _SignedIn(OpenIdConnect):
    """Checks the access token; the base class puts it into the OpenAPI document as upstream's scheme."""

    def __init__(self) -> None:
        super().__init__(
            openIdConnectUrl="/.well-known/openid-configuration", scheme_name="OpenIdConnect", auto_error=False
        )

    async def __call__(self, request: Request) -> Principal:  # type: ignore[override]
        app = runtime_of(request)
        try:
            return app.tokens.check(request.headers.get("authorization"))
        except NotAuthenticated:
            renewal = request.headers.get(RENEWAL)
            if renewal is None:
                raise
        return await renewed_in_passing(request, app.auth, app.source.current.config, renewal)


SignedIn = Annotated[Principal, Depends(_SignedIn())]
"""Parameter type of routes for callers with a good access token; others get 401."""

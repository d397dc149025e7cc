"""A token renewed by the call that needs it, for callers whose calls are farther apart than tokens live.

A job beats every half hour and an access token lives for 20 minutes: renewing it first doubles the exchanges. Such a
caller sends its refresh token in the header ``RENEWAL`` instead of an access token, and the new access token comes with
the answer. What is checked is what ``/api/auth/token`` checks. Only refresh tokens of proxies are taken, which may be
used again: a caller that never sees the answer has lost nothing.
"""

from __future__ import annotations

from typing import Final

from fastapi import Request

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import NotAuthenticated
from diracx_bridge.services.auth.audit import attempt
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.refresh import refresh
from diracx_bridge.services.auth.tokens import Principal

RENEWAL: Final = "x-diracx-bridge-renewal"
"""Header of a request: a refresh token."""
NEW_TOKEN: Final = "x-diracx-bridge-token"
"""Header of the answer: the access token, a space, and the seconds for which it is good."""


async def renewed_in_passing(request: Request, auth: AuthParts, config: Config, refresh_token: str) -> Principal:
    """Who sent this refresh token; a new access token goes out with the answer to ``request``.

    Raises:
        NotAuthenticated, InvalidInput, PermissionDenied: as `refresh`; or it is not one of a proxy.
        TooManyRequests: the address has asked too often, here and at ``/api/auth/token`` together.
    """
    with attempt(request, "token", "issued", grant_type="in_passing") as current, auth.token_limit.counted(request):
        if not auth.tokens.read_refresh_token(refresh_token).legacy_exchange:
            raise NotAuthenticated(f"{RENEWAL} takes refresh tokens of proxies; others are renewed at /api/auth/token")
        issued = await refresh(auth, config, refresh_token, current)
    request.state.new_token = f"{issued.access.text} {issued.expires_in}"
    return auth.tokens.check(f"Bearer {issued.access.text}")

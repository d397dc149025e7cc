"""`/api/auth`: tokens."""

from __future__ import annotations

import urllib.parse

from tests.installation import LEGACY_AUTHORIZATION
from tests.load.scenarios import Case, always
from tests.load.target import Target, exchange_path

FORM = "application/x-www-form-urlencoded"


def cases(target: Target) -> list[Case]:
    """DIRAC asks for tokens, a client refreshes (a token that came from DIRAC stays good), a token is checked."""
    exchange = target.request("GET", exchange_path(), signed=False, Authorization=LEGACY_AUTHORIZATION)
    form = urllib.parse.urlencode(
        {
            "grant_type": "refresh_token",
            "client_id": "myDIRACClientID",
            "refresh_token": target.tokens["refresh_token"],
        }
    ).encode()
    refresh = target.request("POST", "/api/auth/token", form, signed=False, Content_Type=FORM)
    userinfo = target.request("GET", "/api/auth/userinfo")
    return [
        Case("auth/legacy-exchange", always(exchange), limit=False),
        Case("auth/refresh", always(refresh), limit=False),
        Case("auth/userinfo", always(userinfo), same_answer=True),
    ]

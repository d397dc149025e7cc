"""POST /api/auth/revoke: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_auth_revoke_refresh_token_by_refresh_token import BodyAuthRevokeRefreshTokenByRefreshToken
from ...types import Unset


def request(
    body: BodyAuthRevokeRefreshTokenByRefreshToken | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/auth/revoke",
    }
    if not isinstance(body, Unset):
        call["data"] = plain(body)
    return call


def parse(response: httpx.Response) -> str:
    response_200 = cast(str, response.json())
    return response_200

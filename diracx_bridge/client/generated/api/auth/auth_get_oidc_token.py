"""POST /api/auth/token: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_auth_get_oidc_token import BodyAuthGetOidcToken
from ...models.token_response import TokenResponse
from ...types import Unset


def request(
    body: BodyAuthGetOidcToken | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/auth/token",
    }
    if not isinstance(body, Unset):
        call["data"] = plain(body)
    return call


def parse(response: httpx.Response) -> TokenResponse:
    response_200 = TokenResponse.from_dict(response.json())

    return response_200

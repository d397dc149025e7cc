"""GET /api/auth/userinfo: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...models.user_info_response import UserInfoResponse


def request() -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/auth/userinfo",
    }
    return call


def parse(response: httpx.Response) -> UserInfoResponse:
    response_200 = UserInfoResponse.from_dict(response.json())

    return response_200

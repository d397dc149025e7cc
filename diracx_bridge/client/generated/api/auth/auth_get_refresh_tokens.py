"""GET /api/auth/refresh-tokens: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any, cast

import httpx


def request() -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/auth/refresh-tokens",
    }
    return call


def parse(response: httpx.Response) -> list[Any]:
    response_200 = cast(list[Any], response.json())

    return response_200

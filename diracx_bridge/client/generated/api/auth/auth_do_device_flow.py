"""GET /api/auth/device: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...types import UNSET


def request(
    *,
    user_code: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["user_code"] = user_code

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/auth/device",
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

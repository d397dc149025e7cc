"""GET /api/auth/device/complete: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...types import UNSET


def request(
    *,
    code: str,
    state: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["code"] = code

    params["state"] = state

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/auth/device/complete",
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

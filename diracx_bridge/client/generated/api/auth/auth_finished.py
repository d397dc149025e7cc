"""GET /api/auth/device/complete/finished: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx


def request() -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/auth/device/complete/finished",
    }
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

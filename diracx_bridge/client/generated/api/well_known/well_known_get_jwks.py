"""GET /.well-known/jwks.json: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx


def request() -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/.well-known/jwks.json",
    }
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

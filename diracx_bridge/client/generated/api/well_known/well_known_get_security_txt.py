"""GET /.well-known/security.txt: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any, cast

import httpx


def request() -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/.well-known/security.txt",
    }
    return call


def parse(response: httpx.Response) -> str:
    response_200 = cast(str, response.json())
    return response_200

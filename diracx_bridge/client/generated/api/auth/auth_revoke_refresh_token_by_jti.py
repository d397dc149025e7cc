"""DELETE /api/auth/refresh-tokens/{jti}: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

import httpx


def request(
    jti: str,
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "DELETE",
        "url": "/api/auth/refresh-tokens/{jti}".format(
            jti=quote(str(jti), safe=""),
        ),
    }
    return call


def parse(response: httpx.Response) -> str:
    response_200 = cast(str, response.json())
    return response_200

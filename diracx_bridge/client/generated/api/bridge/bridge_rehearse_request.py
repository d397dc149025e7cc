"""POST /api/bridge/rehearsals: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.rehearsal_result import RehearsalResult
from ...models.rehearsed_request import RehearsedRequest
from ...types import Unset


def request(
    body: RehearsedRequest | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/bridge/rehearsals",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> RehearsalResult:
    response_200 = RehearsalResult.from_dict(response.json())

    return response_200

"""GET /api/bridge/ledger/calls: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...models.call_summary import CallSummary
from ...types import UNSET, Unset


def request(
    *,
    service: str | Unset = "",
    vo: str | Unset = "",
    hours: int | Unset = 24,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["service"] = service

    params["vo"] = vo

    params["hours"] = hours

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/bridge/ledger/calls",
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> list[CallSummary]:
    response_200 = []
    _response_200 = response.json()
    for response_200_item_data in _response_200:
        response_200_item = CallSummary.from_dict(response_200_item_data)

        response_200.append(response_200_item)

    return response_200

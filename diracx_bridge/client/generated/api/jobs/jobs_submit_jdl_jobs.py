"""POST /api/jobs/jdl: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.inserted_job import InsertedJob
from ...types import Unset


def request(
    body: list[str] | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/jdl",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> list[InsertedJob]:
    response_201 = []
    _response_201 = response.json()
    for response_201_item_data in _response_201:
        response_201_item = InsertedJob.from_dict(response_201_item_data)

        response_201.append(response_201_item)

    return response_201

"""POST /api/jobs/parameters/search: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import httpx

from diracx_bridge.client.encoding import plain

from ...models.search_params import SearchParams
from ...types import UNSET, Unset


def request(
    body: None | SearchParams | Mapping[Any, Any] | Unset = UNSET,
    *,
    page: int | Unset = 1,
    per_page: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page"] = page

    params["per_page"] = per_page

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/parameters/search",
        "params": params,
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> list[Any]:
    response_200 = cast(list[Any], response.json())

    return response_200

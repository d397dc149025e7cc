"""POST /api/bridge/rehearsals/hidden: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_bridge_get_hidden_jobs import BodyBridgeGetHiddenJobs
from ...types import Unset


def request(
    body: BodyBridgeGetHiddenJobs | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/bridge/rehearsals/hidden",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> list[int]:
    response_200 = cast(list[int], response.json())

    return response_200

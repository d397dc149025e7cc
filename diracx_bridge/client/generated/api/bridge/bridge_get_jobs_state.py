"""POST /api/bridge/rehearsals/state: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_bridge_get_jobs_state import BodyBridgeGetJobsState
from ...models.jobs_state import JobsState
from ...types import Unset


def request(
    body: BodyBridgeGetJobsState | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/bridge/rehearsals/state",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> JobsState:
    response_200 = JobsState.from_dict(response.json())

    return response_200

"""PATCH /api/jobs/heartbeat: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.job_command import JobCommand
from ...models.jobs_add_heartbeat_data import JobsAddHeartbeatData
from ...types import Unset


def request(
    body: JobsAddHeartbeatData | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "PATCH",
        "url": "/api/jobs/heartbeat",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> list[JobCommand]:
    response_200 = []
    _response_200 = response.json()
    for response_200_item_data in _response_200:
        response_200_item = JobCommand.from_dict(response_200_item_data)

        response_200.append(response_200_item)

    return response_200

"""PATCH /api/jobs/status: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.jobs_set_job_statuses_job_update import JobsSetJobStatusesJobUpdate
from ...models.set_job_status_return import SetJobStatusReturn
from ...types import UNSET, Unset


def request(
    body: JobsSetJobStatusesJobUpdate | Mapping[Any, Any],
    *,
    force: bool | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["force"] = force

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "PATCH",
        "url": "/api/jobs/status",
        "params": params,
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> SetJobStatusReturn:
    response_200 = SetJobStatusReturn.from_dict(response.json())

    return response_200

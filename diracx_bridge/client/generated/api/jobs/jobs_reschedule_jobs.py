"""POST /api/jobs/reschedule: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_jobs_reschedule_jobs import BodyJobsRescheduleJobs
from ...types import UNSET, Unset


def request(
    body: BodyJobsRescheduleJobs | Mapping[Any, Any],
    *,
    reset_jobs: bool | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["reset_jobs"] = reset_jobs

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/reschedule",
        "params": params,
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

"""POST /api/jobs/confirm: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_jobs_confirm_jobs import BodyJobsConfirmJobs
from ...models.job_outcomes import JobOutcomes
from ...types import Unset


def request(
    body: BodyJobsConfirmJobs | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/confirm",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> JobOutcomes:
    response_200 = JobOutcomes.from_dict(response.json())

    return response_200

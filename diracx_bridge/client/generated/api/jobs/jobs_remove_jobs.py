"""POST /api/jobs/remove: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_jobs_remove_jobs import BodyJobsRemoveJobs
from ...models.job_outcomes import JobOutcomes
from ...types import Unset


def request(
    body: BodyJobsRemoveJobs | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/remove",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> JobOutcomes:
    response_200 = JobOutcomes.from_dict(response.json())

    return response_200

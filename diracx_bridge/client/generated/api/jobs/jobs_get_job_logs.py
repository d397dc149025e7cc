"""POST /api/jobs/log: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_jobs_get_job_logs import BodyJobsGetJobLogs
from ...models.jobs_get_job_logs_response_jobs_get_job_logs import JobsGetJobLogsResponseJobsGetJobLogs
from ...types import Unset


def request(
    body: BodyJobsGetJobLogs | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/log",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> JobsGetJobLogsResponseJobsGetJobLogs:
    response_200 = JobsGetJobLogsResponseJobsGetJobLogs.from_dict(response.json())

    return response_200

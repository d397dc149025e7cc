"""GET /api/jobs/{job_id}/sandbox: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from ...models.jobs_get_job_sandboxes_response_jobs_get_job_sandboxes import (
    JobsGetJobSandboxesResponseJobsGetJobSandboxes,
)


def request(
    job_id: int,
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/jobs/{job_id}/sandbox".format(
            job_id=quote(str(job_id), safe=""),
        ),
    }
    return call


def parse(response: httpx.Response) -> JobsGetJobSandboxesResponseJobsGetJobSandboxes:
    response_200 = JobsGetJobSandboxesResponseJobsGetJobSandboxes.from_dict(response.json())

    return response_200

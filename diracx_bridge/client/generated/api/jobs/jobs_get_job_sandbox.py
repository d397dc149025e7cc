"""GET /api/jobs/{job_id}/sandbox/{sandbox_type}: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...models.jobs_get_job_sandbox_sandbox_type import (
    JobsGetJobSandboxSandboxType,
)


def request(
    job_id: int,
    sandbox_type: JobsGetJobSandboxSandboxType,
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/jobs/{job_id}/sandbox/{sandbox_type}".format(
            job_id=quote(str(job_id), safe=""),
            sandbox_type=quote(str(sandbox_type), safe=""),
        ),
    }
    return call


def parse(response: httpx.Response) -> list[Any]:
    response_200 = cast(list[Any], response.json())

    return response_200

"""POST /api/jobs/parameters: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_jobs_get_jobs_parameters import BodyJobsGetJobsParameters
from ...models.jobs_get_jobs_parameters_response_jobs_get_jobs_parameters import (
    JobsGetJobsParametersResponseJobsGetJobsParameters,
)
from ...types import Unset


def request(
    body: BodyJobsGetJobsParameters | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/parameters",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> JobsGetJobsParametersResponseJobsGetJobsParameters:
    response_200 = JobsGetJobsParametersResponseJobsGetJobsParameters.from_dict(response.json())

    return response_200

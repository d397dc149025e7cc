"""POST /api/jobs/input-data: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_jobs_get_jobs_input_data import BodyJobsGetJobsInputData
from ...models.jobs_get_jobs_input_data_response_jobs_get_jobs_input_data import (
    JobsGetJobsInputDataResponseJobsGetJobsInputData,
)
from ...types import Unset


def request(
    body: BodyJobsGetJobsInputData | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/input-data",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> JobsGetJobsInputDataResponseJobsGetJobsInputData:
    response_200 = JobsGetJobsInputDataResponseJobsGetJobsInputData.from_dict(response.json())

    return response_200

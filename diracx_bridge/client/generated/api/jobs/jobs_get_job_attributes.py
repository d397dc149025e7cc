"""POST /api/jobs/attributes: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.body_jobs_get_job_attributes import BodyJobsGetJobAttributes
from ...models.jobs_get_job_attributes_response_jobs_get_job_attributes import (
    JobsGetJobAttributesResponseJobsGetJobAttributes,
)
from ...types import Unset


def request(
    body: BodyJobsGetJobAttributes | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/attributes",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> JobsGetJobAttributesResponseJobsGetJobAttributes:
    response_200 = JobsGetJobAttributesResponseJobsGetJobAttributes.from_dict(response.json())

    return response_200

"""GET /api/jobs/{job_id}/jdl: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from ...models.job_description import JobDescription
from ...types import UNSET, Unset


def request(
    job_id: int,
    *,
    original: bool | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["original"] = original

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/jobs/{job_id}/jdl".format(
            job_id=quote(str(job_id), safe=""),
        ),
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> JobDescription:
    response_200 = JobDescription.from_dict(response.json())

    return response_200

"""GET /api/jobs/{job_id}/log: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from ...models.job_log_record import JobLogRecord


def request(
    job_id: int,
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/jobs/{job_id}/log".format(
            job_id=quote(str(job_id), safe=""),
        ),
    }
    return call


def parse(response: httpx.Response) -> list[JobLogRecord]:
    response_200 = []
    _response_200 = response.json()
    for response_200_item_data in _response_200:
        response_200_item = JobLogRecord.from_dict(response_200_item_data)

        response_200.append(response_200_item)

    return response_200

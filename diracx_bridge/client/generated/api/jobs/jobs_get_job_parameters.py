"""GET /api/jobs/{job_id}/parameters: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx


def request(
    job_id: int,
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/jobs/{job_id}/parameters".format(
            job_id=quote(str(job_id), safe=""),
        ),
    }
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

"""PATCH /api/jobs/{job_id}/sandbox/output: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from diracx_bridge.client.encoding import plain

from ...types import Unset


def request(
    job_id: int,
    body: str | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "PATCH",
        "url": "/api/jobs/{job_id}/sandbox/output".format(
            job_id=quote(str(job_id), safe=""),
        ),
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

"""GET /api/jobs/sandbox: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...models.sandbox_download_response import SandboxDownloadResponse
from ...types import UNSET


def request(
    *,
    pfn: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["pfn"] = pfn

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/jobs/sandbox",
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> SandboxDownloadResponse:
    response_200 = SandboxDownloadResponse.from_dict(response.json())

    return response_200

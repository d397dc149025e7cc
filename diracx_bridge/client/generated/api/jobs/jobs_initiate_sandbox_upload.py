"""POST /api/jobs/sandbox: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.sandbox_info import SandboxInfo
from ...models.sandbox_upload_response import SandboxUploadResponse
from ...types import Unset


def request(
    body: SandboxInfo | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/jobs/sandbox",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> SandboxUploadResponse:
    response_200 = SandboxUploadResponse.from_dict(response.json())

    return response_200

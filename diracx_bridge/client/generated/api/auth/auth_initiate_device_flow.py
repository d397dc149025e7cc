"""POST /api/auth/device: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...models.initiate_device_flow_response import InitiateDeviceFlowResponse
from ...types import UNSET


def request(
    *,
    client_id: str,
    scope: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["client_id"] = client_id

    params["scope"] = scope

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/auth/device",
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> InitiateDeviceFlowResponse:
    response_200 = InitiateDeviceFlowResponse.from_dict(response.json())

    return response_200

"""PATCH /api/bridge/jobs/attributes: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.bridge_set_job_attributes_response_bridge_set_job_attributes import (
    BridgeSetJobAttributesResponseBridgeSetJobAttributes,
)
from ...models.bridge_set_job_attributes_updates import BridgeSetJobAttributesUpdates
from ...types import Unset


def request(
    body: BridgeSetJobAttributesUpdates | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "PATCH",
        "url": "/api/bridge/jobs/attributes",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> BridgeSetJobAttributesResponseBridgeSetJobAttributes:
    response_200 = BridgeSetJobAttributesResponseBridgeSetJobAttributes.from_dict(response.json())

    return response_200

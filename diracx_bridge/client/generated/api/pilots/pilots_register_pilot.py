"""POST /api/pilots/: how it is asked and what its answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client.encoding import plain

from ...models.pilot_registration_params import PilotRegistrationParams
from ...types import Unset


def request(
    body: PilotRegistrationParams | Mapping[Any, Any],
) -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "POST",
        "url": "/api/pilots/",
    }
    if not isinstance(body, Unset):
        call["json"] = plain(body)
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

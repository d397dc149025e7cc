"""DELETE /api/bridge/ledger/mismatches/{fingerprint}: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from ...types import UNSET, Unset


def request(
    fingerprint: str,
    *,
    vo: str | Unset = "",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["vo"] = vo

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "DELETE",
        "url": "/api/bridge/ledger/mismatches/{fingerprint}".format(
            fingerprint=quote(str(fingerprint), safe=""),
        ),
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

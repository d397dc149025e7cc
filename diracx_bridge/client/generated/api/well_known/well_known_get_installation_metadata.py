"""GET /.well-known/dirac-metadata: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...models.metadata import Metadata


def request() -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/.well-known/dirac-metadata",
    }
    return call


def parse(response: httpx.Response) -> Metadata:
    response_200 = Metadata.from_dict(response.json())

    return response_200

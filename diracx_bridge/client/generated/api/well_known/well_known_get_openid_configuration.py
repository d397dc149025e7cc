"""GET /.well-known/openid-configuration: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...models.open_id_configuration import OpenIDConfiguration


def request() -> dict[str, Any]:

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/.well-known/openid-configuration",
    }
    return call


def parse(response: httpx.Response) -> OpenIDConfiguration:
    response_200 = OpenIDConfiguration.from_dict(response.json())

    return response_200

"""GET /api/auth/authorize: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...types import UNSET


def request(
    *,
    response_type: str,
    code_challenge: str,
    code_challenge_method: str,
    client_id: str,
    redirect_uri: str,
    scope: str,
    state: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["response_type"] = response_type

    params["code_challenge"] = code_challenge

    params["code_challenge_method"] = code_challenge_method

    params["client_id"] = client_id

    params["redirect_uri"] = redirect_uri

    params["scope"] = scope

    params["state"] = state

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/auth/authorize",
        "params": params,
    }
    return call


def parse(response: httpx.Response) -> Any:
    return response.json() if response.content else None

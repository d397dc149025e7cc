"""Logins as clients do them, step by step."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx
import pytest

from tests.installation import WEB_REDIRECT, Installation
from tests.integration.services.fake_provider import FakeProvider, query_of

on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
"""For tests of what is the same on every database."""
CLIENT = "myDIRACClientID"
SCOPE = "vo:gridlab group:gridlab_user"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


async def token(installation: Installation, **form: str) -> httpx.Response:
    return await installation.http.post("/api/auth/token", data={"client_id": CLIENT, **form})


async def refresh(installation: Installation, refresh_token: str, **form: str) -> httpx.Response:
    return await token(installation, **{"grant_type": "refresh_token", "refresh_token": refresh_token, **form})


async def authorize(installation: Installation, **changed: str) -> httpx.Response:
    query = {
        "response_type": "code",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "client_id": CLIENT,
        "redirect_uri": WEB_REDIRECT,
        "scope": SCOPE,
        "state": "the state",
        "nonce": "ignored",
        **changed,
    }
    return await installation.http.get("/api/auth/authorize", params=query)


async def code_for(
    installation: Installation, provider: FakeProvider, subject: str = "sub-alice", **changed: str
) -> str:
    """The code that the web application gets once the user has logged in."""
    sent = await authorize(installation, **changed)
    assert sent.status_code == 307, sent.text
    back = provider.log_in(sent.headers["location"], subject)
    done = await installation.http.get("/api/auth/authorize/complete", params=back)
    assert done.status_code == 307, done.text
    return query_of(done.headers["location"])["code"]


async def redeem(installation: Installation, code: str, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": WEB_REDIRECT,
        "code_verifier": VERIFIER,
        **changed,
    }
    return await token(installation, **form)


async def start_device(installation: Installation, **changed: str) -> dict[str, Any]:
    answer = await installation.http.post("/api/auth/device", params={"client_id": CLIENT, "scope": SCOPE, **changed})
    assert answer.status_code == 200, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


async def poll(installation: Installation, begun: dict[str, Any], **changed: str) -> httpx.Response:
    form = {"grant_type": DEVICE_CODE, "device_code": begun["device_code"], **changed}
    return await token(installation, **form)


async def log_in_device(
    installation: Installation, provider: FakeProvider, begun: dict[str, Any], subject: str = "sub-alice"
) -> httpx.Response:
    """The answer to the browser that comes back from the provider."""
    sent = await installation.http.get(begun["verification_uri_complete"])
    assert sent.status_code == 307, sent.text
    back = provider.log_in(sent.headers["location"], subject)
    return await installation.http.get("/api/auth/device/complete", params=back)


async def log_in(installation: Installation, provider: FakeProvider, subject: str = "sub-alice") -> dict[str, Any]:
    """The tokens of a login in a browser."""
    answer = await redeem(installation, await code_for(installation, provider, subject))
    assert answer.status_code == 200, answer.text
    issued: dict[str, Any] = answer.json()
    return issued

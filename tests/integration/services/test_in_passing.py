"""A call that brings the refresh token of a proxy gets its answer and a new access token."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import httpx
import pytest

from diracx_bridge.client import Credentials, Preferences, write_credentials
from diracx_bridge.client.aio import AsyncDiracxClient
from tests.installation import Installation
from tests.integration.services.fake_provider import FakeProvider
from tests.integration.services.logins import log_in, on_sqlite
from tests.integration.services.test_auth import claims, revoke_in_database

RENEWAL, NEW_TOKEN = "x-diracx-bridge-renewal", "x-diracx-bridge-token"
pytestmark = on_sqlite


async def proxy_token(installation: Installation, user: str = "alice") -> str:
    """The refresh token in a proxy."""
    return str((await installation.exchange(user, "gridlab_user")).json()["refresh_token"])


async def carried(installation: Installation, refresh_token: str, **headers: str) -> httpx.Response:
    return await installation.http.get("/api/auth/userinfo", headers={RENEWAL: refresh_token, **headers})


async def test_call_is_answered_and_the_new_token_is_good(installation: Installation) -> None:
    answer = await carried(installation, await proxy_token(installation))
    assert (answer.status_code, answer.json()["preferred_username"]) == (200, "alice")
    assert answer.headers["cache-control"] == "no-store"
    token, seconds = answer.headers[NEW_TOKEN].split()
    assert seconds == "1200"
    assert claims(token)["dirac_group"] == "gridlab_user"
    again = await installation.http.get("/api/auth/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert again.status_code == 200
    assert NEW_TOKEN not in again.headers


async def test_one_refresh_token_may_come_with_many_calls_at_once(installation: Installation) -> None:
    refresh_token = await proxy_token(installation)
    answers = await asyncio.gather(*(carried(installation, refresh_token) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}


async def test_a_good_access_token_counts_and_no_other_is_issued(installation: Installation) -> None:
    answer = await carried(installation, await proxy_token(installation, "bob"), **await installation.headers())
    assert answer.json()["preferred_username"] == "alice"
    assert NEW_TOKEN not in answer.headers


async def test_what_is_no_refresh_token_of_a_proxy_is_refused(
    installation: Installation, provider: FakeProvider
) -> None:
    login = await log_in(installation, provider)
    access = (await installation.headers())["Authorization"].removeprefix("Bearer ")
    forged = (await proxy_token(installation))[:-6] + "AAAAAA"
    for refresh_token in (login["refresh_token"], access, forged, "", "nonsense"):
        answer = await carried(installation, refresh_token)
        assert (answer.status_code, NEW_TOKEN in answer.headers) == (401, False)
    renewed = await installation.http.post(
        "/api/auth/token",
        data={
            "grant_type": "refresh_token",
            "client_id": "myDIRACClientID",
            "refresh_token": login["refresh_token"],
        },
    )
    assert renewed.status_code == 200, "the refused one is not used up"


async def test_a_revoked_token_is_refused(installation: Installation) -> None:
    refresh_token = await proxy_token(installation)
    await revoke_in_database(installation, refresh_token)
    answer = await carried(installation, refresh_token)
    assert (answer.status_code, NEW_TOKEN in answer.headers) == (401, False)


async def test_who_is_suspended_meanwhile_is_refused(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_token = await proxy_token(installation)
    user = installation.runtime.source.current.config.registry["gridlab"].users["sub-alice"]
    monkeypatch.setitem(user.__dict__, "suspended", ["gridlab"])
    answer = await carried(installation, refresh_token)
    assert (answer.status_code, NEW_TOKEN in answer.headers) == (403, False)


async def test_it_counts_as_a_request_for_a_token(installation: Installation) -> None:
    installation.runtime.auth.token_limit._per_minute = 5
    refresh_token = await proxy_token(installation)
    statuses = [(await carried(installation, refresh_token)).status_code for _ in range(8)]
    assert (statuses[0], statuses[-1]) == (200, 429)


async def test_no_token_is_logged(installation: Installation, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refresh_token = await proxy_token(installation)
    answer = await carried(installation, refresh_token)
    assert refresh_token not in caplog.text
    assert answer.headers[NEW_TOKEN].split()[0] not in caplog.text


async def test_client_needs_one_exchange_per_call_once_it_knows_the_server(
    installation: Installation, tmp_path: Path
) -> None:
    issued = (await installation.exchange("alice", "gridlab_user")).json()
    path, asked = tmp_path / "credentials", []
    inner = httpx.ASGITransport(installation.app)

    class Counted(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request.url.path)
            return await inner.handle_async_request(request)

    write_credentials(path, Credentials.of_answer(issued))
    preferences = Preferences("https://bridge.example.org", credentials_path=path)
    async with AsyncDiracxClient(preferences=preferences, transport=Counted()) as client:
        for _ in range(4):
            await client.auth.userinfo()
            # half an hour later
            write_credentials(path, Credentials(issued["access_token"], 0, issued["refresh_token"]))
            client.tokens._current = None
    assert asked == ["/api/auth/userinfo"] * 4
    assert json.loads(path.read_text())["refresh_token"] == issued["refresh_token"]

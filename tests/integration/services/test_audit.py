"""The audit log, and what is told to who asks too often."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.installation import API_KEY, LEGACY_AUTHORIZATION, Installation, running
from tests.integration.services.fake_provider import FakeProvider
from tests.integration.services.logins import (
    CLIENT,
    VERIFIER,
    authorize,
    code_for,
    log_in_device,
    poll,
    redeem,
    refresh,
    start_device,
    token,
)
from tests.integration.services.test_auth import claims

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
ACTIONS = ("token", "login", "device login")


class Lines:
    """What the audit log got."""

    def __init__(self, captured: list[Any]) -> None:
        self.all = captured

    def take(self) -> list[tuple[str, dict[str, Any]]]:
        """The lines since the last look."""
        found = [(line["event"], line) for line in self.all if line["event"].startswith(ACTIONS)]
        self.all.clear()
        return found

    def one(self) -> dict[str, Any]:
        """The one line since the last look."""
        ((_, line),) = self.take()
        return line


@pytest.fixture
def lines() -> Iterator[Lines]:
    with structlog.testing.capture_logs() as captured:
        yield Lines(captured)


async def test_a_token_is_found_by_its_claims(installation: Installation, provider: FakeProvider, lines: Lines) -> None:
    code = await code_for(installation, provider)
    assert [event for event, _ in lines.take()] == ["login started", "login completed"]
    issued = (await redeem(installation, code)).json()
    line, access = lines.one(), claims(issued["access_token"])
    for name in ("iss", "sub", "jti", "exp", "vo", "dirac_group", "preferred_username", "dirac_properties"):
        assert line[name] == access[name], name
    assert line["refresh_jti"] == claims(issued["refresh_token"])["jti"]
    assert (line["event"], line["outcome"], line["grant_type"]) == ("token issued", "done", "authorization_code")
    assert (line["ip"], line["client_id"], line["scope"]) == ("127.0.0.1", CLIENT, "vo:gridlab group:gridlab_user")
    assert line["user_agent"].startswith("python-httpx")

    renewed = (await refresh(installation, issued["refresh_token"])).json()
    line = lines.one()
    assert (line["grant_type"], line["presented_jti"]) == ("refresh_token", claims(issued["refresh_token"])["jti"])
    assert line["refresh_jti"] == claims(renewed["refresh_token"])["jti"]

    await installation.http.post("/api/auth/revoke", data={"token": renewed["refresh_token"]})
    line = lines.one()
    assert (line["event"], line["jti"], line["sub"]) == (
        "token revoked",
        claims(renewed["refresh_token"])["jti"],
        "gridlab:sub-alice",
    )


async def test_what_is_refused_is_told_with_who_and_why(
    installation: Installation, provider: FakeProvider, lines: Lines
) -> None:
    issued = (await installation.exchange("mallory", "gridlab_user")).json()
    line = lines.one()
    assert (line["event"], line["log_level"], line["grant_type"]) == ("token refused", "warning", "legacy_exchange")
    assert (line["sub"], line["preferred_username"], line["vo"]) == ("gridlab:sub-mallory", "mallory", "gridlab")
    assert line["reason"] == issued["detail"]

    await refresh(installation, "garbage")
    assert lines.one()["reason"] == "Invalid JWT"
    await token(installation, grant_type="password")
    assert "grant_type has to be" in lines.one()["reason"]
    await authorize(installation, redirect_uri="https://evil.example.org")
    line = lines.one()
    assert (line["event"], line["redirect_uri"]) == ("login refused", "https://evil.example.org")

    code = await code_for(installation, provider)
    await redeem(installation, code)
    lines.take()
    await redeem(installation, code)
    line = lines.one()
    assert (line["reason"], line["scope"]) == ("Code was already used", "vo:gridlab group:gridlab_user")

    begun = await start_device(installation)
    await log_in_device(installation, provider, begun, "sub-mallory")
    events = lines.take()
    assert [event for event, _ in events] == ["device login started", "device login continued", "device login refused"]
    assert "suspended" in events[-1][1]["reason"]


async def test_waiting_for_the_user_leaves_no_line(installation: Installation, lines: Lines) -> None:
    begun = await start_device(installation)
    lines.take()
    await poll(installation, begun)
    assert lines.take() == []


async def test_no_secret_is_logged(installation: Installation, provider: FakeProvider, lines: Lines) -> None:
    issued = [(await installation.exchange("alice", "gridlab_user")).json()]
    code = await code_for(installation, provider)
    issued.append((await redeem(installation, code)).json())
    issued.append((await refresh(installation, issued[-1]["refresh_token"])).json())
    begun = await start_device(installation)
    back = provider.log_in((await installation.http.get(begun["verification_uri_complete"])).headers["location"])
    await installation.http.get("/api/auth/device/complete", params=back)
    await poll(installation, begun)
    await poll(installation, begun)
    await installation.http.get(
        "/api/auth/legacy-exchange",
        params={"preferred_username": "alice", "scope": "vo:gridlab"},
        headers={"Authorization": LEGACY_AUTHORIZATION[:-8] + "AAAAAAA="},
    )
    for kind in ("access_token", "refresh_token"):
        await installation.http.post("/api/auth/revoke", data={"token": issued[-1][kind]})
    told = json.dumps(lines.all, default=str)
    secrets = [code, begun["device_code"], back["code"], back["state"], VERIFIER, API_KEY.decode()]
    secrets += [LEGACY_AUTHORIZATION.rpartition(":")[2]]
    secrets += [
        part for pair in issued for kind in ("access_token", "refresh_token") for part in pair[kind].split(".")[1:]
    ]
    assert len(lines.all) > 15
    for secret in secrets:
        assert secret not in told


@pytest.fixture
async def limited(database_urls: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    limits = {"bridge_rate_limit_token": 20, "bridge_rate_limit_login": 20, "bridge_rate_limit_legacy": 20}
    async with running(tmp_path, database_urls, **limits) as started:
        yield started


async def test_who_asks_too_often_is_told_when_to_come_back(limited: Installation, provider: FakeProvider) -> None:
    first = (await limited.exchange("alice", "gridlab_user")).json()["refresh_token"]
    answers = [await refresh(limited, "garbage") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert "DIRACX_BRIDGE_RATE_LIMIT_TOKEN" in answers[-1].json()["detail"]
    assert (await refresh(limited, first)).status_code == 429
    codes = [(await authorize(limited, scope="vo:nowhere")).status_code for _ in range(3)]
    assert codes == [400, 400, 429]


async def test_wrong_keys_are_stopped_and_dirac_never(limited: Installation) -> None:
    query = {"preferred_username": "alice", "scope": "vo:gridlab"}
    wrong = {"Authorization": "Bearer diracx:legacy:d3Jvbmc="}
    codes = [
        (await limited.http.get("/api/auth/legacy-exchange", params=query, headers=wrong)).status_code for _ in range(3)
    ]
    assert codes == [401, 401, 429]
    assert {(await limited.exchange("alice", "gridlab_user")).status_code for _ in range(30)} == {200}

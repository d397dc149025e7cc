"""How many HTTPS exchanges the calls of a job cost."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from diracx_bridge.client import Credentials, Preferences, SyncDiracxClient, write_credentials
from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.legacy_adapters.job_state_update import JobStateUpdate
from tests.unit.client.tokens import URL, TokenServer, jwt

HOUR, BEAT = 3600, 1800
STATUSES = 12


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds since the epoch, in a list of one."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def answered(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/api/jobs/heartbeat":
        return httpx.Response(200, json=[])
    return httpx.Response(200, json={"success": {"1": {}}, "failed": {}})


def by_bridge(request: httpx.Request) -> httpx.Response:
    """The answer of a server of the bridge, to whom a call may bring its refresh token."""
    reply = answered(request)
    reply.headers["x-diracx-bridge"] = "1.0"
    if "x-diracx-bridge-renewal" in request.headers:
        assert "authorization" not in request.headers
        reply.headers["x-diracx-bridge-token"] = f"{jwt(1200)} 1200"
    else:
        access_token = request.headers["authorization"].removeprefix("Bearer ")
        assert unverified_claims(access_token)["exp"] > time.time()
    return reply


def job(path: Path, server: TokenServer, clock: list[float], hours: int, beat_every: int = BEAT) -> tuple[int, int]:
    """A job's life with 12 status updates; its calls, and the exchanges that they cost."""
    renewal = jwt((hours + 6) * HOUR, legacy_exchange=True)
    write_credentials(path, Credentials(jwt(server.expires_in), int(clock[0] + server.expires_in), renewal))
    preferences = Preferences(URL, credentials_path=path)
    calls = 0
    with SyncDiracxClient(preferences=preferences, transport=httpx.MockTransport(server)) as client:
        adapter = JobStateUpdate(client)
        for beat in range(hours * HOUR // beat_every):
            if beat < STATUSES:
                adapter.setJobStatus(1, "Running", f"step {beat}", "JobWrapper")
                calls += 1
            adapter.sendHeartBeat(1, {"CPUConsumed": 1.0}, {})
            calls += 1
            clock[0] += beat_every
    return calls, len(server.requests)


@pytest.mark.parametrize("hours", [1, 6, 24, 72])
@pytest.mark.parametrize("minutes", [10, 15, 20, 30])
def test_call_costs_one_exchange_with_the_defaults_of_a_server_of_the_bridge(
    tmp_path: Path, clock: list[float], hours: int, minutes: int
) -> None:
    server = TokenServer(by_bridge)
    calls, exchanges = job(tmp_path / "token", server, clock, hours, minutes * 60)
    assert exchanges == calls


@pytest.mark.parametrize("hours", [6, 24])
def test_call_costs_at_most_105_hundredths_of_an_exchange_at_other_servers_whose_tokens_are_good_for_12_hours(
    tmp_path: Path, clock: list[float], hours: int
) -> None:
    server = TokenServer(answered)
    server.expires_in = 12 * HOUR
    calls, exchanges = job(tmp_path / "token", server, clock, hours)
    assert calls >= 2 * STATUSES
    assert exchanges / calls <= 1.05


def test_discovery_is_asked_for_once_and_renewals_happen_ahead_when_tokens_are_good_for_20_minutes(
    tmp_path: Path, clock: list[float]
) -> None:
    server = TokenServer(answered)
    calls, exchanges = job(tmp_path / "token", server, clock, 6)
    assert len(server.asked("/.well-known/openid-configuration")) == 1
    assert exchanges <= calls + 6 * HOUR / BEAT + 1


def test_calls_within_the_life_of_a_token_cost_one_exchange_each(tmp_path: Path, clock: list[float]) -> None:
    server = TokenServer(answered)
    write_credentials(tmp_path / "token", Credentials(jwt(1200), int(clock[0] + 1200), jwt(30 * HOUR)))
    preferences = Preferences(URL, credentials_path=tmp_path / "token")
    with SyncDiracxClient(preferences=preferences, transport=httpx.MockTransport(server)) as client:
        adapter = JobStateUpdate(client)
        for number in range(100):
            adapter.setJobStatus(1, "Running", f"step {number}", "JobWrapper")
            clock[0] += 8
    assert len(server.requests) == 100

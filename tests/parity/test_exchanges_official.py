"""How many HTTPS exchanges the calls of a job cost at an official DiracX server."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from diracx_bridge.cli.doctor.credentials import lifetime_of
from diracx_bridge.client import Credentials, Preferences, SyncDiracxClient, write_credentials
from diracx_bridge.legacy_adapters.job_state_update import JobStateUpdate
from tests.live import LiveServer
from tests.parity.official import official_server
from tests.servers.legacy import Legacy
from tests.servers.opensearch import OpenSearch
from tests.servers.run import Run

HOURS, BEAT, STATUSES = 24, 1800, 12
BEATS = HOURS * 3600 // BEAT


class Counting(httpx.BaseTransport):
    """Counts the requests that go through it."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


@pytest.mark.parametrize(("minutes", "at_most"), [(20, 1.85), (720, 1.05)])
def test_exchanges_of_a_job_that_reports_every_half_hour_follow_from_the_life_of_tokens(
    legacy: Legacy,
    bridge: LiveServer,
    servers: Run,
    mariadb_urls: Mapping[str, str],
    opensearch: OpenSearch,
    opensearch_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    minutes: int,
    at_most: float,
) -> None:
    jobs = [legacy.new_job(status="Running") for _ in range(BEATS)]  # the server refuses two beats of one in a second
    server = official_server(
        servers,
        tmp_path,
        mariadb_urls,
        legacy.hashed_api_key,
        opensearch.url,
        opensearch_prefix,
        {"DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES": str(minutes)},
    )
    path, transport = tmp_path / "proxy-token.json", Counting()
    with server as url:
        answer = httpx.get(
            f"{url}/api/auth/legacy-exchange",
            params={
                "preferred_username": "alice",
                "scope": "vo:dirac group:dirac_user",
                "expires_minutes": str((HOURS + 6) * 60),
            },
            headers={"Authorization": f"Bearer {legacy.api_key}"},
        ).json()
        assert lifetime_of(answer["access_token"]) == pytest.approx(minutes * 60, abs=2)
        now = [time.time()]
        expires = int(now[0] + answer["expires_in"])
        write_credentials(path, Credentials(answer["access_token"], expires, answer["refresh_token"]))
        monkeypatch.setattr(time, "time", lambda: now[0])
        calls = 0
        preferences = Preferences(url, credentials_path=path)
        with SyncDiracxClient(preferences=preferences, transport=transport) as client:
            adapter = JobStateUpdate(client)
            for beat, job in enumerate(jobs):
                if beat < STATUSES:
                    adapter.setJobStatus(job, "", f"step {beat}", "JobWrapper")
                adapter.sendHeartBeat(job, {"CPUConsumed": 1.0}, {})
                calls += 2 if beat < STATUSES else 1
                now[0] += BEAT
    assert calls == BEATS + STATUSES
    assert 1 <= len(transport.paths) / calls <= at_most, transport.paths

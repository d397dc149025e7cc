"""The credentials file, the rule of 300 seconds, and who renews."""

from __future__ import annotations

import asyncio
import fcntl
import json
import stat
import threading
import time
from pathlib import Path

import httpx
import pytest

from diracx_bridge.client import AsyncDiracxClient, Credentials, Preferences, SyncDiracxClient, write_credentials
from diracx_bridge.client import credentials as credentials_module
from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.core.errors import NotAuthenticated, Unavailable
from tests.unit.client.tokens import URL, TokenServer, jwt


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "credentials.json"


def store(path: Path, *, remaining: float, refresh: str | None = None) -> Credentials:
    kept = Credentials(jwt(remaining), int(time.time() + remaining), refresh or jwt(3600))
    write_credentials(path, kept)
    return kept


def client(path: Path, server: TokenServer) -> SyncDiracxClient:
    return SyncDiracxClient(preferences=Preferences(URL, credentials_path=path), transport=httpx.MockTransport(server))


def bearer(request: httpx.Request) -> str | None:
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or None


def test_file_has_the_three_members_of_the_official_client_and_belongs_to_its_owner(path: Path) -> None:
    kept = store(path, remaining=1000)
    assert json.loads(path.read_text()) == {
        "access_token": kept.access_token,
        "refresh_token": kept.refresh_token,
        "expires_on": kept.expires_on,
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_expires_on_is_fifteen_seconds_early_when_made_from_an_answer() -> None:
    made = Credentials.of_answer({"access_token": "a", "expires_in": 1200})
    assert made.expires_on == pytest.approx(time.time() + 1185, abs=2)


def test_token_is_used_without_asking_when_it_is_good_for_more_than_300_seconds(path: Path) -> None:
    kept, server = store(path, remaining=310), TokenServer()
    client(path, server).jobs.search()
    assert [bearer(request) for request in server.requests] == [kept.access_token]


def test_token_is_renewed_and_the_file_rewritten_when_300_seconds_are_left(path: Path) -> None:
    old, server = store(path, remaining=299), TokenServer()
    client(path, server).jobs.search()
    form = server.asked("/api/auth/token")[0].content.decode()
    assert f"refresh_token={old.refresh_token}" in form
    assert "grant_type=refresh_token&" in form
    assert "client_id=myDIRACClientID" in form
    renewed = json.loads(path.read_text())
    assert bearer(server.requests[-1]) == renewed["access_token"] != old.access_token
    assert renewed["refresh_token"] != old.refresh_token
    assert renewed["expires_on"] == pytest.approx(time.time() + 1185, abs=2)


def test_discovery_happens_once_however_often_the_token_is_renewed(path: Path) -> None:
    store(path, remaining=10)
    server = TokenServer()
    server.expires_in = 16
    with client(path, server) as short_lived:
        for _ in range(3):
            short_lived.jobs.search()
            time.sleep(0.9)
    assert len(server.asked("/api/auth/token")) >= 2
    assert len(server.asked("/.well-known/openid-configuration")) == 1


def test_token_of_five_minutes_is_not_renewed_for_each_request(path: Path) -> None:
    store(path, remaining=10)
    server = TokenServer()
    server.expires_in = 300
    with client(path, server) as frequent:
        for _ in range(5):
            frequent.jobs.search()
    assert server.issued == 1


def test_one_renewal_serves_many_threads(path: Path) -> None:
    store(path, remaining=0)
    server = TokenServer(lambda request: httpx.Response(200, json=[]))
    shared = client(path, server)
    threads = [threading.Thread(target=shared.jobs.search) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.issued == 1
    assert len(server.asked("/api/jobs/search")) == 20
    assert None not in [bearer(request) for request in server.asked("/api/jobs/search")]


def test_renewal_by_another_process_is_used_when_it_held_the_lock(path: Path) -> None:
    store(path, remaining=0)
    server = TokenServer()
    waiting = threading.Thread(target=client(path, server).jobs.search)
    with path.open("r+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting.start()
        time.sleep(0.1)
        newer = Credentials(jwt(900), int(time.time() + 900), jwt(3600))
        other.write(newer.as_text())
        other.truncate()
        other.flush()
    waiting.join()
    assert server.issued == 0
    assert bearer(server.requests[-1]) == newer.access_token


def test_lock_that_is_never_released_is_an_error_that_names_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(path, remaining=0)
    monkeypatch.setattr(credentials_module, "LOCK_TIMEOUT", 0.05)
    with path.open("r+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Unavailable, match=r"credentials\.json"):
            client(path, TokenServer()).jobs.search()


@pytest.mark.parametrize("content", [None, "", "nonsense", "[]", '{"access_token": "a"}'])
def test_request_goes_without_a_token_when_the_file_has_none(path: Path, content: str | None) -> None:
    if content is not None:
        path.parent.mkdir()
        path.write_text(content)
    server = TokenServer()
    client(path, server).jobs.search()
    assert bearer(server.requests[-1]) is None


def test_request_goes_without_a_token_when_both_tokens_are_expired(path: Path) -> None:
    store(path, remaining=-1, refresh=jwt(-1))
    server = TokenServer()
    client(path, server).jobs.search()
    assert bearer(server.requests[-1]) is None
    assert server.issued == 0


def test_refused_refresh_token_says_log_in_again(path: Path) -> None:
    store(path, remaining=0)
    server = TokenServer()
    server.token_answers = [httpx.Response(401, json={"detail": "expired_token: The token is expired"})]
    with pytest.raises(NotAuthenticated, match=r"The token is expired.*log in again"):
        client(path, server).jobs.search()
    assert server.asked("/api/jobs/search") == []


def test_old_token_serves_on_when_the_server_cannot_renew_it(path: Path) -> None:
    old, server = store(path, remaining=100), TokenServer()
    server.token_answers = [httpx.Response(500)]
    client(path, server).jobs.search()
    assert bearer(server.requests[-1]) == old.access_token


def test_refresh_is_not_repeated_when_its_outcome_is_unknown(path: Path) -> None:
    store(path, remaining=0)
    server = TokenServer()
    server.token_answers = [httpx.Response(504), httpx.Response(504)]
    with pytest.raises(Unavailable):
        client(path, server).jobs.search()
    assert len(server.asked("/api/auth/token")) == 1


def test_renewed_token_is_kept_in_memory_when_the_file_is_read_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(path, remaining=0)
    before = path.read_text()
    monkeypatch.setattr(credentials_module, "_opened", lambda path, create: path.open())
    server = TokenServer()
    with client(path, server) as reader:
        reader.jobs.search()
        reader.jobs.search()
    assert server.issued == 1
    assert path.read_text() == before


def test_credentials_that_are_there_stay_when_they_are_not_to_be_replaced(path: Path) -> None:
    kept = store(path, remaining=900)
    write_credentials(path, Credentials("other", 1, "other"), replace=False)
    assert json.loads(path.read_text())["access_token"] == kept.access_token


async def test_one_renewal_serves_many_tasks(path: Path) -> None:
    store(path, remaining=0)
    server = TokenServer()
    preferences = Preferences(URL, credentials_path=path)
    async with AsyncDiracxClient(preferences=preferences, transport=httpx.MockTransport(server)) as shared:
        await asyncio.gather(*(shared.jobs.search() for _ in range(20)))
    assert server.issued == 1
    assert len({bearer(request) for request in server.asked("/api/jobs/search")} - {None}) == 1


def test_claims_are_empty_when_the_token_is_no_jwt() -> None:
    assert unverified_claims("opaque") == {}
    assert unverified_claims("a.!!.c") == {}
    assert unverified_claims(jwt(5, vo="dirac"))["vo"] == "dirac"

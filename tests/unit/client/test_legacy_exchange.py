"""Tokens by legacy exchange."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from diracx_bridge.client import LegacyExchange, SyncDiracxClient
from diracx_bridge.core.errors import NotAuthenticated, ServerRefused, Unavailable
from tests.unit.client.tokens import URL, TokenServer

KEY = "diracx:legacy:InsecureChangeMe"
ALICE = ("alice", "dirac", "dirac_user", ["NormalUser", "PrivateLimitedDelegation"])


def exchange(server: TokenServer) -> LegacyExchange:
    return LegacyExchange(URL, KEY, transport=httpx.MockTransport(server))


def test_scope_names_vo_group_and_properties() -> None:
    server = TokenServer()
    exchange(server).token(*ALICE, expires_minutes=60)
    request = server.requests[0]
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert dict(request.url.params) == {
        "preferred_username": "alice",
        "scope": "vo:dirac group:dirac_user property:NormalUser property:PrivateLimitedDelegation",
        "expires_minutes": "60",
    }


def test_token_is_asked_for_once_for_each_identity() -> None:
    server = TokenServer()
    exchanged = exchange(server)
    first = exchanged.token(*ALICE)
    assert exchanged.token("alice", "dirac", "dirac_user", reversed(ALICE[3])) == first
    assert exchanged.token("alice", "dirac", "dirac_prod", ["NormalUser"]) != first
    assert server.issued == 2


def test_one_exchange_serves_many_threads() -> None:
    server = TokenServer()
    exchanged = exchange(server)
    tokens: list[str] = []
    threads = [threading.Thread(target=lambda: tokens.append(exchanged.token(*ALICE))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 20
    assert len(set(tokens)) == 1
    assert server.issued == 1


def test_token_is_renewed_ahead_of_its_end_and_serves_on_when_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    server = TokenServer()
    server.expires_in = 1200
    exchanged = exchange(server)
    first = exchanged.token(*ALICE)
    assert exchanged.token(*ALICE) == first
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 1000)
    server.token_answers = [httpx.Response(500)]
    assert exchanged.token(*ALICE) == first
    assert exchanged.token(*ALICE) != first
    assert server.issued == 2


def test_wrong_key_names_the_two_options_that_have_to_fit() -> None:
    server = TokenServer()
    server.token_answers = [httpx.Response(401, json={"detail": "Invalid credentials"})]
    with pytest.raises(NotAuthenticated, match=r"LegacyExchangeApiKey.*DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY"):
        exchange(server).token(*ALICE)


@pytest.mark.parametrize(("status", "error"), [(400, ServerRefused), (403, ServerRefused), (503, Unavailable)])
def test_refused_exchange_is_an_error_and_the_next_call_asks_again(status: int, error: type[Exception]) -> None:
    server = TokenServer()
    server.token_answers = [httpx.Response(status, json={"detail": "no"})]
    exchanged = exchange(server)
    with pytest.raises(error, match="no"):
        exchanged.token(*ALICE)
    assert exchanged.token(*ALICE)


def test_client_works_with_the_token_of_an_identity() -> None:
    server = TokenServer()
    source = exchange(server).source(*ALICE)
    with SyncDiracxClient(URL, tokens=source, transport=httpx.MockTransport(server)) as acting:
        acting.jobs.search()
        acting.jobs.search()
    assert [request.url.path for request in server.requests] == [
        "/api/auth/legacy-exchange",
        "/api/jobs/search",
        "/api/jobs/search",
    ]
    assert server.requests[-1].headers["Authorization"] == f"Bearer {source.last_known()}"

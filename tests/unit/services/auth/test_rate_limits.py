"""Buckets of requests."""

from __future__ import annotations

import ipaddress
import time

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.errors import InvalidGrant, NotAuthenticated, TooManyRequests
from diracx_bridge.services.auth.rate_limits import RateLimit, network_of


def request(host: str = "192.0.2.1") -> Request:
    return Request({"type": "http", "client": (host, 4711), "headers": []})


def ask(
    limit: RateLimit, host: str = "192.0.2.1", error: Exception | None = None, *, only_refused: bool = False
) -> str:
    """What comes of a request: "done", "refused" or "stopped"."""
    try:
        with limit.counted(request(host), only_refused=only_refused):
            if error is not None:
                raise error
    except TooManyRequests as stopped:
        return "stopped" if 1 <= stopped.retry_after <= 60 else f"stopped for {stopped.retry_after} s"
    except (InvalidGrant, NotAuthenticated):
        return "refused"
    return "done"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_an_address_is_stopped_at_its_limit_and_others_are_not(clock: list[float]) -> None:
    limit = RateLimit(20, "X")
    assert [ask(limit) for _ in range(22)] == ["done"] * 20 + ["stopped"] * 2
    assert ask(limit, "192.0.2.2") == "done"
    clock[0] += 3
    assert [ask(limit), ask(limit)] == ["done", "stopped"]


def test_what_is_refused_counts_tenfold_and_waiting_does_not(clock: list[float]) -> None:
    limit = RateLimit(20, "X")
    waiting = InvalidGrant("authorization_pending", "not yet")
    assert [ask(limit, error=waiting) for _ in range(5)] == ["refused"] * 5
    assert [ask(limit, error=NotAuthenticated("no")) for _ in range(3)] == ["refused", "refused", "stopped"]


def test_only_what_is_refused_counts_where_the_limit_says_so(clock: list[float]) -> None:
    limit = RateLimit(20, "X")
    wrong = NotAuthenticated("wrong key")
    assert [ask(limit, error=wrong, only_refused=True) for _ in range(4)] == ["refused"] * 2 + ["stopped"] * 2
    assert [ask(limit, only_refused=True) for _ in range(50)] == ["done"] * 50


def test_without_a_limit_nobody_is_stopped() -> None:
    limit = RateLimit(0, "X")
    assert {ask(limit, error=NotAuthenticated("no")) for _ in range(100)} == {"refused"}


def test_the_memory_of_addresses_is_bounded() -> None:
    limit = RateLimit(5, "X", addresses=100)
    for number in range(1000):
        ask(limit, f"10.0.{number // 256}.{number % 256}")
    assert len(limit._buckets) == 100


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_who_has_a_network_of_ipv6_has_one_bucket(address: object, last: int) -> None:
    number = int(address)  # type: ignore[call-overload]
    a, b = ipaddress.IPv6Address(number), ipaddress.IPv6Address((number >> 64 << 64) | last)
    if a.ipv4_mapped is None and b.ipv4_mapped is None:
        assert network_of(str(a)) == network_of(str(b))

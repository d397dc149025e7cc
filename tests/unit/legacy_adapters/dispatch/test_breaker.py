"""When calls stop waiting for a DiracX that does not answer, and when they try again."""

from __future__ import annotations

from diracx_bridge.legacy_adapters.dispatch.breaker import FAILURES, PATIENCE, REST, Breaker, Breakers


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: Breaker, times: int = FAILURES) -> None:
    for _ in range(times):
        ticket = breaker.begin()
        assert ticket is not None
        breaker.end(ticket, answered=False)


def test_breaker_opens_when_several_calls_in_a_row_get_no_answer() -> None:
    breaker = Breaker(Clock())
    fail(breaker, FAILURES - 1)
    assert not breaker.is_open
    fail(breaker, 1)
    assert breaker.begin() is None


def test_breaker_stays_closed_when_an_answer_comes_between() -> None:
    breaker = Breaker(Clock())
    for _ in range(5):
        fail(breaker, FAILURES - 1)
        breaker.end(breaker.begin(), answered=True)
    assert not breaker.is_open


def test_breaker_opens_within_5_seconds_when_calls_hang() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    tickets = [breaker.begin() for _ in range(FAILURES)]
    assert all(tickets)
    clock.now += PATIENCE + 0.1
    assert PATIENCE + 0.1 < 5
    assert breaker.begin() is None


def test_slow_calls_do_not_count_when_others_are_answered() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.begin()
    clock.now += PATIENCE + 0.1
    breaker.end(object(), answered=True)
    assert breaker.begin() is not None


def test_one_call_tries_after_a_rest_and_its_answer_closes_the_breaker() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    fail(breaker)
    clock.now += REST
    trying = breaker.begin()
    assert trying is not None
    assert breaker.begin() is None
    breaker.end(trying, answered=True)
    assert breaker.begin() is not None
    assert not breaker.is_open


def test_breaker_stays_open_when_the_try_fails() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    fail(breaker)
    clock.now += REST
    breaker.end(breaker.begin(), answered=False)
    assert breaker.begin() is None


def test_breakers_of_vos_are_apart() -> None:
    breakers = Breakers(Clock())
    fail(breakers.of("WorkloadManagement/JobStateUpdate", "lhcb"))
    assert breakers.of("WorkloadManagement/JobStateUpdate", "lhcb").is_open
    assert not breakers.of("WorkloadManagement/JobStateUpdate", "belle").is_open

"""A comparison never harms the call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from diracx_bridge.client import FixedToken, RetryPolicy, SyncDiracxClient
from diracx_bridge.core.errors import NotAuthenticated, Unavailable
from diracx_bridge.core.routing.rules import parse_rules
from diracx_bridge.legacy_adapters.compare.comparator import MOST_WAITING, Comparator, OtherSide
from diracx_bridge.legacy_adapters.compare.rehearsing import RehearsingTransport
from diracx_bridge.legacy_adapters.dispatch.breaker import Breakers
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call, Caller
from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison, Observation
from diracx_bridge.legacy_adapters.job_state_update import CONTRACT, JobStateUpdate
from diracx_bridge.legacy_adapters.ledger.mismatch import Mismatch
from tests.unit.legacy_adapters.fake_server import URL, FakeServer

SERVICE = "WorkloadManagement/JobStateUpdate"
RULES = parse_rules(SERVICE, {"Stage": "compare"}, "/x")
REHEARSE, STATE = "POST /api/bridge/rehearsals", "POST /api/bridge/rehearsals/state"
ROWS: dict[str, Any] = {"Jobs": [{"Site": "x"}], "LoggingInfo": [], "JobCommands": [], "HeartBeatLoggingInfo": []}


class Compared:
    """A dispatcher in the stage compare; what it told, and the server that rehearses."""

    def __init__(self, limit: float = 5.0) -> None:
        self.server = FakeServer()
        self.seen: list[Observation] = []
        self.found: list[Mismatch] = []
        self.told = threading.Semaphore(0)
        comparator = Comparator(self.found.append, limit=limit)
        self.dispatcher = Dispatcher(Breakers(), self, comparator)
        self.rehearses({"Site": "y"})

    def observe(self, observation: Observation) -> None:
        self.seen.append(observation)
        self.told.release()

    def rehearses(self, after: dict[str, Any], actual: dict[str, Any] | None = None) -> None:
        result = {
            "status": 200, "body": {"1": 1}, "before": {"1": ROWS}, "after": {"1": {**ROWS, "Jobs": [after]}},
            "parameters": {}, "stored": {},
        }  # fmt: skip
        state = {"rows": {"1": {**ROWS, "Jobs": [actual or after]}}, "parameters": {}}
        self.server.answer(REHEARSE, httpx.Response(200, json=result))
        self.server.answer(STATE, httpx.Response(200, json=state))

    def other_side(self) -> OtherSide:
        transport = RehearsingTransport(httpx.MockTransport(self.server))
        client = SyncDiracxClient(URL, tokens=FixedToken("t"), transport=transport, retries=RetryPolicy(tries=1))
        return OtherSide(JobStateUpdate(client), lambda path, body: client.request("POST", path, json=body).json())

    def call(
        self, other_side: Callable[[], OtherSide] | None = None, legacy: Callable[[], Answer] | None = None
    ) -> Any:
        call = Call(SERVICE, "setJobSite", Caller("alice", "g", "lhcb"), (1, "y"))
        answer = self.dispatcher.perform(
            call,
            CONTRACT,
            RULES,
            lambda: None,
            legacy or (lambda: {"OK": True, "Value": 1}),
            other_side or self.other_side,
        )
        assert self.told.acquire(timeout=10)
        return answer


def test_legacy_answers_and_the_rehearsal_is_compared() -> None:
    compared = Compared()
    assert compared.call() == {"OK": True, "Value": 1}
    assert compared.seen[0].comparison is Comparison.EQUAL
    assert [name for name, _ in compared.server.calls] == [REHEARSE, STATE]


def test_mismatch_is_noted_with_a_call_that_reproduces_it() -> None:
    compared = Compared()
    compared.rehearses({"Site": "wrong"}, {"Site": "y"})
    compared.call()
    (found,) = compared.found
    assert (found.what, found.legacy, found.diracx) == ("Jobs.Site", "y", "wrong")
    assert found.call["arguments"] == [1, "y"]
    assert compared.seen[0].comparison is Comparison.MISMATCH


@pytest.mark.parametrize("failure", [Unavailable("down"), NotAuthenticated("no token"), KeyError("defect")])
def test_call_goes_on_when_diracx_can_not_be_asked(failure: Exception) -> None:
    def broken() -> OtherSide:
        raise failure

    compared = Compared()
    assert compared.call(broken)["OK"]
    assert compared.seen[0].comparison is Comparison.SKIPPED
    assert compared.found == []


def test_server_without_rehearsals_is_never_asked_to_do_the_call() -> None:
    compared = Compared()
    del compared.server.answers[REHEARSE]
    assert compared.call()["OK"]
    assert compared.seen[0].comparison is Comparison.SKIPPED
    assert [name for name, _ in compared.server.calls] == [REHEARSE]


def test_added_latency_is_bounded_when_diracx_hangs() -> None:
    compared = Compared(limit=0.1)
    hung = threading.Event()

    def hanging() -> OtherSide:
        hung.wait(10)
        return compared.other_side()

    begun = time.monotonic()
    assert compared.call(hanging)["OK"]
    hung.set()
    assert time.monotonic() - begun < 5
    assert compared.seen[0].comparison is Comparison.SKIPPED


def test_calls_go_on_when_more_comparisons_hang_than_may_wait() -> None:
    compared = Compared(limit=0.05)
    hung = threading.Event()

    def hanging() -> OtherSide:
        hung.wait(10)
        raise Unavailable("down")

    for _ in range(MOST_WAITING + 5):
        compared.call(hanging)
    hung.set()
    assert all(seen.comparison is Comparison.SKIPPED for seen in compared.seen)


def test_what_legacy_raises_is_raised_and_not_compared() -> None:
    def broken() -> Answer:
        raise RuntimeError("of the handler")

    compared = Compared()
    with pytest.raises(RuntimeError, match="of the handler"):
        compared.call(legacy=broken)
    assert compared.found == []

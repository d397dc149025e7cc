"""Which side carries out a call, and who stands in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from diracx_bridge.core.errors import (
    BridgeError,
    InvalidInput,
    LegacyError,
    NoEquivalent,
    NotAuthenticated,
    ServerRefused,
    SettingsError,
    Unavailable,
)
from diracx_bridge.core.routing.rules import ServiceRules, parse_rules
from diracx_bridge.core.routing.stages import Side, Stage
from diracx_bridge.legacy_adapters.dispatch.breaker import FAILURES
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call, Caller
from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.dispatch.observation import Observation, Outcome, Reason
from diracx_bridge.legacy_adapters.job_state_update import CONTRACT

SERVICE = "WorkloadManagement/JobStateUpdate"
UNSENT = Unavailable("no connection", unsent=True)
UNKNOWN = Unavailable("no answer in time")
ALICE = Caller("alice", "lhcb_user", "lhcb")


def rules(stage: str, **options: str) -> ServiceRules:
    return parse_rules(SERVICE, {"Stage": stage, **options}, f"/DiracX/Bridge/{SERVICE}")


class Sides:
    """Both sides of a service; each call is noted."""

    def __init__(self, outcome: Exception | None = None) -> None:
        self.calls: list[str] = []
        self.seen: list[Observation] = []
        self.outcome = outcome
        self.dispatcher = Dispatcher(observer=self)

    def observe(self, observation: Observation) -> None:
        self.seen.append(observation)

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def by_diracx(*_: Any) -> str:
            self.calls.append("diracx")
            if self.outcome is not None:
                raise self.outcome
            return f"{method} by DiracX"

        return by_diracx

    def legacy(self) -> Answer:
        self.calls.append("legacy")
        return {"OK": True, "Value": "by legacy"}

    def perform(self, rules: ServiceRules, method: str = "setJobSite", *arguments: Any, **keywords: Any) -> Answer:
        call = Call(SERVICE, method, ALICE, arguments or (1, "x"), keywords)
        return self.dispatcher.perform(call, CONTRACT, rules, lambda: self, self.legacy)


@pytest.mark.parametrize(("stage", "side"), [("legacy", "legacy"), ("live", "diracx"), ("retired", "diracx")])
def test_stage_decides_who_answers(stage: str, side: str) -> None:
    sides = Sides()
    sides.perform(rules(stage))
    assert sides.calls == [side]
    (seen,) = sides.seen
    assert (seen.side, seen.outcome, seen.caller, seen.stage) == (Side(side), Outcome.OK, ALICE, Stage(stage))


def test_canary_sends_a_job_always_to_the_same_side_however_its_id_is_written() -> None:
    sides = Sides()
    canary = rules("canary", Percent="50")
    for job in range(100):
        sides.calls.clear()
        sides.perform(canary, "setJobSite", job, "x")
        sides.perform(canary, "setJobSite", str(job), "x")
        sides.perform(canary, "sendHeartBeat", job, {}, {})
        assert len(set(sides.calls)) == 1


def test_canary_finds_the_job_when_it_is_given_by_name() -> None:
    sides = Sides()
    canary = rules("canary", Percent="50")
    call = Call(SERVICE, "setJobSite", ALICE, (), {"jobID": 1234, "site": "x"})
    same = Call(SERVICE, "setJobSite", ALICE, (1234, "x"))
    for one in (call, same):
        sides.dispatcher.perform(one, CONTRACT, canary, lambda: sides, sides.legacy)
    assert len(set(sides.calls)) == 1


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (UNSENT, Reason.UNREACHABLE),
        (UNKNOWN, Reason.UNREACHABLE),
        (ServerRefused(500, "defect"), Reason.UNREACHABLE),
        (ServerRefused(401, "forged"), Reason.NO_TOKEN),
        (NotAuthenticated("no token in the proxy"), Reason.NO_TOKEN),
        (NoEquivalent("no route"), Reason.NO_EQUIVALENT),
        (SettingsError("/DiracX/URL is not set"), Reason.SETUP),
    ],
)
def test_legacy_stands_in_when_diracx_can_not_be_used(failure: BridgeError, reason: Reason) -> None:
    sides = Sides(failure)
    assert sides.perform(rules("live"))["Value"] == "by legacy"
    assert sides.calls == ["diracx", "legacy"]
    (seen,) = sides.seen
    assert (seen.side, seen.outcome, seen.reason) == (Side.LEGACY, Outcome.OK, reason)


@pytest.mark.parametrize(("failure", "stands_in"), [(UNSENT, True), (UNKNOWN, False), (ServerRefused(502, ""), False)])
def test_legacy_stands_in_for_a_heartbeat_only_when_diracx_has_surely_not_taken_it(
    failure: BridgeError, stands_in: bool
) -> None:
    sides = Sides(failure)
    answer = sides.perform(rules("live"), "sendHeartBeat", 1, {}, {})
    assert ("legacy" in sides.calls) is stands_in
    assert answer["OK"] is stands_in


@pytest.mark.parametrize("made", [rules("live", Fallback="no"), rules("retired")])
@pytest.mark.parametrize("failure", [UNSENT, NotAuthenticated("no token"), NoEquivalent("no route")])
def test_nobody_stands_in_when_the_route_says_so(made: ServiceRules, failure: BridgeError) -> None:
    sides = Sides(failure)
    answer = sides.perform(made)
    assert not answer["OK"]
    assert str(failure) in answer["Message"]
    assert sides.calls == ["diracx"]
    assert sides.seen[0].outcome is Outcome.FAILED


def test_retired_service_says_why_legacy_is_refused() -> None:
    message = Sides().perform(rules("retired"), "ping")["Message"]
    assert "ping has no equivalent in DiracX" in message
    assert f"The legacy service is retired here (/DiracX/Bridge/{SERVICE}/Stage)" in message


@pytest.mark.parametrize(
    ("error", "errno"),
    [(LegacyError("Not authorized"), 0), (LegacyError.of_mysql("too long"), 1131), (InvalidInput("no time"), 0)],
)
def test_refusals_are_answers_and_not_asked_of_legacy_again(error: BridgeError, errno: int) -> None:
    sides = Sides(error)
    answer = sides.perform(rules("live"))
    assert (answer["OK"], answer["Message"], answer["Errno"]) == (False, str(error), errno)
    assert sides.calls == ["diracx"]
    assert sides.seen[0].outcome is Outcome.ERROR


def test_defect_of_an_adapter_is_an_s_error_and_never_raised() -> None:
    answer = Sides(KeyError("x")).perform(rules("live"))
    assert not answer["OK"]
    assert "KeyError" in answer["Message"]


def test_calls_do_not_wait_for_diracx_when_the_breaker_is_open() -> None:
    sides = Sides(UNSENT)
    for _ in range(FAILURES + 2):
        assert sides.perform(rules("live"))["OK"]
    assert sides.calls.count("diracx") == FAILURES
    assert sides.seen[-1].reason is Reason.BREAKER


def test_refusals_do_not_open_the_breaker() -> None:
    sides = Sides(LegacyError("Not authorized"))
    for _ in range(FAILURES + 2):
        sides.perform(rules("live"))
    assert sides.calls.count("diracx") == FAILURES + 2


def test_method_outside_the_contract_goes_to_legacy_while_it_stands_by() -> None:
    sides = Sides()
    assert sides.perform(rules("live"), "ping")["Value"] == "by legacy"
    assert sides.seen[0].reason is Reason.NO_EQUIVALENT

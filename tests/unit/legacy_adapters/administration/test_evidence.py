"""Whether the evidence allows the next stage."""

from __future__ import annotations

from typing import Any

import pytest

from diracx_bridge.core.routing.stages import Stage
from diracx_bridge.legacy_adapters.administration.evidence import plan_for, summarized

SERVICE = "WorkloadManagement/JobStateUpdate"
MISMATCH = {"method": "setJobSite", "what": "Jobs.Site"}


def line(count: int = 1000, hours: int = 200, **changed: Any) -> dict[str, Any]:
    made = {
        "service": SERVICE, "method": "setJobSite", "vo": "lhcb", "stage": "compare", "side": "legacy", "outcome": "ok",
        "reason": "", "comparison": "equal", "count": count, "seconds": 1.0, "longest": 0.1, "users": 3,
        "first": "2026-11-01T00:00:00+00:00", "last": f"2026-11-{1 + hours // 24:02}T{hours % 24:02}:00:00+00:00",
        "classes": [0, 0, count, 0, 0, 0, 0, 0, 0, 0, 0],
    }  # fmt: skip
    return {**made, **changed}


def canary(**changed: Any) -> dict[str, Any]:
    return line(**{"stage": "canary", "side": "diracx", "comparison": "", **changed})


def live(**changed: Any) -> dict[str, Any]:
    return line(**{"stage": "live", "side": "diracx", "comparison": "", **changed})


GOOD = {
    Stage.LEGACY: [],
    Stage.COMPARE: [line(), line(50, comparison="difference"), line(5, comparison="race")],
    Stage.CANARY: [canary(), canary(count=9000, side="legacy")],
    Stage.LIVE: [live()],
}


@pytest.mark.parametrize("stage", GOOD)
def test_next_stage_may_follow_when_the_evidence_is_good(stage: Stage) -> None:
    plan = plan_for(stage, GOOD[stage], [])
    assert plan.allowed, plan.missing
    assert plan.next is not None
    assert plan.next.position == stage.position + 1


@pytest.mark.parametrize(
    ("stage", "lines", "found", "missing"),
    [
        (Stage.COMPARE, [], [], "calls: none was seen"),
        (Stage.COMPARE, [line(hours=3)], [], "calls over 24 hours: so far 4"),
        (Stage.COMPARE, [line(99)], [], "setJobSite: 100 calls that agree"),
        (Stage.COMPARE, [line(), line(1, method="sendHeartBeat")], [], "sendHeartBeat: 100 calls that agree"),
        (Stage.COMPARE, [line(), line(200, comparison="skipped")], [], "200 of 1200 calls could not be compared"),
        (Stage.COMPARE, [line()], [MISMATCH], "no mismatches: 1 kinds are known (setJobSite Jobs.Site)"),
        (Stage.CANARY, [canary(count=499)], [], "500 calls by DiracX: so far 499"),
        (
            Stage.CANARY,
            [canary(), canary(count=20, side="legacy", reason="unreachable")],
            [],
            "legacy stands in for: 20",
        ),
        (Stage.CANARY, [canary(), canary(count=2, outcome="failed")], [], "fewer failed calls: 2"),
        (Stage.CANARY, [canary(classes=[0] * 8 + [1000, 0, 0])], [], "faster answers: 19 of 20 calls take up to 2.5 s"),
        (Stage.CANARY, [canary()], [MISMATCH], "no mismatches"),
        (Stage.LIVE, [live(hours=30)], [], "calls over 168 hours"),
        (Stage.LIVE, [live(), live(count=3, side="legacy", reason="no token")], [], "3 with the reason 'no token'"),
    ],
)
def test_what_is_missing_is_named(stage: Stage, lines: Any, found: Any, missing: str) -> None:
    plan = plan_for(stage, lines, found)
    assert not plan.allowed
    assert any(missing in one for one in plan.missing), plan.missing


def test_there_is_nothing_after_retired() -> None:
    assert plan_for(Stage.RETIRED, [], []).next is None


def test_report_has_one_line_for_each_method_stage_and_side() -> None:
    lines = [canary(), canary(count=5, outcome="error"), canary(count=3, side="legacy", reason="unreachable")]
    first, second = summarized(lines)
    assert (first["side"], first["calls"], first["errors"], first["stood in"]) == ("diracx", 1005, 5, 0)
    assert (second["side"], second["calls"], second["stood in"], second["median"]) == ("legacy", 3, 3, 0.025)

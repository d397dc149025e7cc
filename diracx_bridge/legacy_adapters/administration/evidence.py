"""What the ledger says about a service, and whether that is enough for its next stage. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from diracx_bridge.core.routing.stages import ORDER, Side, Stage
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison, Outcome, Reason
from diracx_bridge.legacy_adapters.ledger.tally import BOUNDS, quantile

COMPARED: Final = 100
"""Comparisons of each method that was called, before a canary."""
MOST_SKIPPED: Final = 0.1
"""Share of calls that could not be compared."""
CALLS: Final = 500
"""Calls that DiracX answered in the canary, before everybody follows."""
MOST_FAILED: Final = 0.001
MOST_FALLEN_BACK: Final = 0.01
SLOWEST: Final = 0.25
"""Seconds that the slowest of 20 calls may take, unless legacy takes as long."""
HOURS: Final = {Stage.COMPARE: 24, Stage.CANARY: 24, Stage.LIVE: 7 * 24}
"""How long a stage lasts before the next, in hours of calls."""

Line = Mapping[str, Any]
"""A line of ``GET /api/bridge/ledger/calls``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Whether ``stage`` may be followed by ``next``; if not, what is ``missing``; ``seen`` is the evidence in words."""

    stage: Stage
    next: Stage | None
    missing: Sequence[str] = ()
    seen: Sequence[str] = field(default_factory=list)

    @property
    def allowed(self) -> bool:
        return self.next is not None and not self.missing


def plan_for(stage: Stage, lines: Iterable[Line], mismatches: Iterable[Mapping[str, Any]]) -> Plan:
    """The plan for a service (and VO) that is in ``stage``, from its lines of the ledger and its mismatches."""
    here = [line for line in lines if line["stage"] == stage]
    everything = [*here, *(line for line in lines if line["stage"] != stage)]
    following = ORDER[stage.position + 1] if stage is not Stage.RETIRED else None
    missing: list[str] = []
    seen = [f"{sum(line['count'] for line in here)} calls in the stage {stage} within {hours_of(here)} hours"]
    if following is None:
        return Plan(stage, None, (), seen)
    if stage in HOURS and hours_of(here) < HOURS[stage]:
        missing.append(f"calls over {HOURS[stage]} hours: so far {hours_of(here)}")
    CHECKS[stage](here, everything, list(mismatches), missing, seen)
    return Plan(stage, following, missing, seen)


def hours_of(lines: Sequence[Line]) -> int:
    """From the first to the last hour with calls, both included; 0 without calls."""
    from datetime import datetime

    if not lines:
        return 0
    first = min(datetime.fromisoformat(str(line["first"])) for line in lines)
    last = max(datetime.fromisoformat(str(line["last"])) for line in lines)
    return int((last - first).total_seconds() // 3600) + 1


def calls(lines: Iterable[Line], **wanted: str) -> int:
    """How many calls the lines with these members are about."""
    return sum(line["count"] for line in lines if all(line[name] == value for name, value in wanted.items()))


Check = Callable[[Sequence[Line], Sequence[Line], Sequence[Mapping[str, Any]], list[str], list[str]], None]


def _before_compare(
    here: Sequence[Line], everything: Sequence[Line], found: Sequence[Mapping[str, Any]], missing: list[str],
    seen: list[str],
) -> None:  # fmt: skip
    seen.append("comparing changes nothing, so nothing is needed for it")


def _before_canary(
    here: Sequence[Line], everything: Sequence[Line], found: Sequence[Mapping[str, Any]], missing: list[str],
    seen: list[str],
) -> None:  # fmt: skip
    methods = sorted({line["method"] for line in everything})
    if not methods:
        missing.append("calls: none was seen")
    for method in methods:
        of_it = [line for line in here if line["method"] == method]
        agreed = calls(of_it, comparison=Comparison.EQUAL) + calls(of_it, comparison=Comparison.DIFFERENCE)
        skipped, total = calls(of_it, comparison=Comparison.SKIPPED), calls(of_it)
        seen.append(f"{method}: {agreed} of {total} calls agree, {calls(of_it, comparison=Comparison.RACE)} races")
        if agreed < COMPARED:
            missing.append(f"{method}: {COMPARED} calls that agree, or an exception for it: so far {agreed}")
        if total and skipped / total > MOST_SKIPPED:
            missing.append(f"{method}: {skipped} of {total} calls could not be compared (see the log of the doors)")
    _no_mismatches(found, missing)


def _before_live(
    here: Sequence[Line], everything: Sequence[Line], found: Sequence[Mapping[str, Any]], missing: list[str],
    seen: list[str],
) -> None:  # fmt: skip
    done = calls(here, side=Side.DIRACX)
    fallen = sum(line["count"] for line in here if line["reason"] not in (Reason.NONE, Reason.NO_TOKEN))
    failed = calls(here, outcome=Outcome.FAILED)
    ours, theirs = (_slowest([line for line in here if line["side"] == side]) for side in (Side.DIRACX, Side.LEGACY))
    seen.append(f"{done} calls by DiracX, {fallen} that legacy stood in for, {failed} failed")
    seen.append(f"19 of 20 calls take at most {ours:g} s by DiracX, {theirs:g} s by legacy")
    if done < CALLS:
        missing.append(f"{CALLS} calls by DiracX: so far {done}")
    if fallen > MOST_FALLEN_BACK * max(done, 1):
        missing.append(f"fewer calls that legacy stands in for: {fallen} of {done}, {MOST_FALLEN_BACK:.0%} may")
    if failed > MOST_FAILED * max(done, 1):
        missing.append(f"fewer failed calls: {failed} of {done}, {MOST_FAILED:.1%} may")
    if ours > max(SLOWEST, theirs):
        missing.append(f"faster answers: 19 of 20 calls take up to {ours:g} s, legacy {theirs:g} s")
    _no_mismatches(found, missing)


def _before_retired(
    here: Sequence[Line], everything: Sequence[Line], found: Sequence[Mapping[str, Any]], missing: list[str],
    seen: list[str],
) -> None:  # fmt: skip
    by_legacy = [line for line in here if line["side"] == Side.LEGACY]
    for reason in sorted({line["reason"] for line in by_legacy}):
        number = calls(by_legacy, reason=reason)
        methods = ", ".join(sorted({line["method"] for line in by_legacy if line["reason"] == reason}))
        missing.append(f"no calls that need legacy: {number} with the reason {reason!r} ({methods})")
    if not by_legacy:
        seen.append("no call needed legacy")


def _no_mismatches(found: Sequence[Mapping[str, Any]], missing: list[str]) -> None:
    if found:
        kinds = ", ".join(sorted({f"{one['method']} {one['what']}" for one in found}))
        missing.append(f"no mismatches: {len(found)} kinds are known ({kinds}); see `adapters mismatches`")


def _slowest(lines: Sequence[Line]) -> float:
    classes = [sum(column) for column in zip(*(line["classes"] for line in lines), strict=True)]
    return quantile(classes or [0] * (len(BOUNDS) + 1), 0.95)


CHECKS: Final[Mapping[Stage, Check]] = {
    Stage.LEGACY: _before_compare,
    Stage.COMPARE: _before_canary,
    Stage.CANARY: _before_live,
    Stage.LIVE: _before_retired,
}


def summarized(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The report: a line for each method, VO, stage and side, with outcomes, comparisons and latencies."""
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(tuple(line[n] for n in ("service", "method", "vo", "stage", "side")), []).append(line)
    return [
        {
            **dict(zip(("service", "method", "vo", "stage", "side"), key, strict=True)),
            "calls": calls(group),
            "errors": calls(group, outcome=Outcome.ERROR),
            "failed": calls(group, outcome=Outcome.FAILED),
            "stood in": sum(line["count"] for line in group if line["reason"] and line["side"] == Side.LEGACY),
            "mismatches": calls(group, comparison=Comparison.MISMATCH),
            "median": quantile([sum(c) for c in zip(*(line["classes"] for line in group), strict=True)], 0.5),
            "slowest of 20": _slowest(group),
        }
        for key, group in sorted(groups.items())
    ]

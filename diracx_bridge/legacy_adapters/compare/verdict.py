"""What comparing one call comes to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from diracx_bridge.legacy_adapters.compare.effects import (
    Diff,
    Moment,
    Row,
    actual_effects,
    diffs_of,
    predicted_effects,
    raced,
)
from diracx_bridge.legacy_adapters.compare.noise import same_form, unexplained
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison

Answer = Mapping[str, Any]
ANSWER: Final = "answer"
"""What differs where a caller would see it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The comparison, and what nobody explains."""

    comparison: Comparison
    mismatches: Sequence[Diff] = ()


def answer_diffs(legacy: Answer, diracx: Answer, *, ordered: bool = True) -> list[Diff]:
    """What a caller would see differently, in one `Diff` at most."""
    one, other = (_seen(answer, ordered=ordered) for answer in (legacy, diracx))
    return [] if one == other else [Diff(ANSWER, one, other)]


def judge_write(
    method: str,
    legacy: Answer,
    diracx: Answer,
    results: Sequence[Mapping[str, Any]],
    state: Mapping[str, Any] | None,
    moment: Moment,
    *,
    disturbed: bool = False,
) -> Verdict:
    """The verdict on a call that changed something.

    ``results`` are the rehearsals, ``state`` the rows after legacy, ``None`` where the caller may not see them.
    ``disturbed``: another call about the same job is known to have come meanwhile.
    """
    diffs = answer_diffs(legacy, diracx)
    race = disturbed
    if state is not None:
        predicted, actual = predicted_effects(results), actual_effects(results, state)
        for job, effect in actual.items():
            diffs += diffs_of(effect, predicted[job], moment)
            race = race or raced(effect, predicted[job], _row_before(results, job), moment)
    return _verdict(method, diffs, race=race)


def judge_read(method: str, legacy: Answer, diracx: Answer, *, ordered: bool, race: bool = False) -> Verdict:
    """The verdict on a call that read something; ``race``: what was read is known to have changed meanwhile."""
    return _verdict(method, answer_diffs(legacy, diracx, ordered=ordered), race=race)


def _row_before(results: Sequence[Mapping[str, Any]], job: str) -> Row:
    rows: list[Row] = [row for result in results for row in result["before"].get(job, {}).get("Jobs", ())]
    return rows[0] if rows else {}


def _verdict(method: str, diffs: Sequence[Diff], *, race: bool) -> Verdict:
    if not diffs:
        return Verdict(Comparison.EQUAL)
    mismatches = unexplained(method, diffs)
    if not mismatches:
        return Verdict(Comparison.DIFFERENCE)
    return Verdict(Comparison.RACE) if race else Verdict(Comparison.MISMATCH, mismatches)


def _seen(answer: Answer, *, ordered: bool) -> dict[str, Any]:
    seen = {name: answer[name] for name in ("OK", "Value", "Errno", "Message") if name in answer}
    if seen.get("OK"):
        seen = {"OK": True, "Value": same_form(seen.get("Value"), ordered=ordered)}
    return seen

"""Answers to the calls of cases, with the numbers of the jobs taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from tests.parity.job_state_update.cases import Case
from tests.parity.sides import Asked

SERVICE: Final = "JobStateUpdate"


def answers(
    cases: Sequence[Case], jobs: Sequence[int], side: Callable[[Sequence[Asked]], list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """What ``side`` answers to each case for its job."""
    given = side([case.call_for(job) for case, job in zip(cases, jobs, strict=True)])
    for answer, job in zip(given, jobs, strict=True):
        if "Message" in answer:
            answer["Message"] = answer["Message"].replace(str(job), "<job>")
    return given

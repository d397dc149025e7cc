"""What DiracX keeps from a caller: it explains that jobs are missing from an answer, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from diracx_bridge.core.routing.sticky import jobs_in

Answer = Mapping[str, Any]
NO_LOG: Final = "No Logging information for job"
NO_JOB: Final = "No Matching Job"
NOT_AUTHORIZED: Final = "Not authorized to modify job "
NOTHING: Final[Answer] = {"OK": True, "Value": None}


def missing_from(asked: Collection[int], legacy: Answer, diracx: Answer) -> list[int]:
    """The jobs that may be why the answers differ: those ``asked`` for, or else those that only legacy lists."""
    if asked:
        return sorted(asked)
    one, other = legacy.get("Value"), diracx.get("Value")
    return sorted(set(jobs_in(one)) - set(jobs_in(other))) if isinstance(one, list) and isinstance(other, list) else []


def read_without(
    hidden: Collection[int], asked: Collection[int], legacy: Answer, diracx: Answer
) -> tuple[Answer, Answer]:
    """Both answers to a reading call without the jobs that are ``hidden`` from the caller.

    DiracX has to answer as for jobs that do not exist: where it shows something of a hidden one, that is left in.
    """
    one, other = legacy.get("Value"), diracx.get("Value")
    if isinstance(one, list) and not asked:
        return {**legacy, "Value": [job for job in one if not _names(job, hidden)]}, diracx
    if isinstance(one, dict) and isinstance(other, dict) and set(jobs_in(one)) & set(asked):
        kept = {job for job in hidden if not (other.get(job) or other.get(str(job)))}
        return _but_for(kept, legacy), _but_for(kept, diracx)
    alone = len(asked) == 1 and set(asked) <= set(hidden)
    return (NOTHING, NOTHING) if alone and _of_no_job(diracx) else (legacy, diracx)


def refuses(hidden: Collection[int], diracx: Answer) -> bool:
    """Whether DiracX has refused to change one of the ``hidden`` jobs, or says that it is not there."""
    if diracx["OK"]:
        return bool(hidden) and diracx["Value"] == NO_JOB
    message = str(diracx["Message"])
    return message.startswith(NOT_AUTHORIZED) and _names(message.removeprefix(NOT_AUTHORIZED), hidden)


def _names(written: Any, jobs: Collection[int]) -> bool:
    return bool(set(jobs_in(written)) & set(jobs))


def _but_for(jobs: Collection[int], answer: Answer) -> Answer:
    return {**answer, "Value": {name: value for name, value in answer["Value"].items() if not _names(name, jobs)}}


def _of_no_job(answer: Answer) -> bool:
    return not answer["Value"] if answer["OK"] else str(answer["Message"]).startswith(NO_LOG)

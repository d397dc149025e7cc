"""The commands that stop jobs and run them again.

As DIRAC's, they leave out jobs whose state does not allow it. Why something was not done stands on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from diracx_bridge.cli.legacy_commands.arguments import Given, separated
from diracx_bridge.cli.legacy_commands.failed import Failed, end
from diracx_bridge.cli.legacy_commands.selection import by_switches, numbers
from diracx_bridge.core.job_status import may_become

if TYPE_CHECKING:
    from diracx_bridge.client import Jobs

REFUSED = "Some jobs failed deletion"


def kill(given: Given, jobs: Jobs) -> None:
    before = _states(jobs, numbers(separated(given.words), "ERROR "))
    stopped = [job for job, state in before.items() if state == "Deleted"]
    chosen = [job for job, state in before.items() if state != "Deleted" and _may(state, "Killed", "Deleted")]
    outcome = jobs.kill(chosen)
    _explain(outcome.failed)
    if any(may_become(before[job], "Killed") for job in outcome.failed):
        print("ERROR", REFUSED)
        raise Failed
    print(f"Killed jobs {_list([*outcome.success, *stopped])}")


def delete(given: Given, jobs: Jobs) -> None:
    chosen = [*by_switches(given, jobs), *separated(given.words)]
    if not chosen:
        print(f"Warning: no jobs selected\n{given.help}")
        raise Failed(0)
    before = _states(jobs, numbers(chosen))
    outcome = jobs.delete([job for job, state in before.items() if _may(state, "Killed", "Deleted")])
    _explain(outcome.failed)
    if any(may_become(before[job], "Deleted") for job in outcome.failed):
        print(REFUSED)
        raise Failed
    print(f"Deleted jobs {_list(outcome.success)}")


def reschedule(given: Given, jobs: Jobs) -> None:
    wanted = numbers(separated(given.words))
    before = _states(jobs, wanted)
    chosen = [job for job, state in before.items() if may_become(state, "Rescheduled")]
    if not chosen:
        end((str(job), _can_not(before.get(job))) for job in wanted)
    outcome = jobs.reschedule(chosen)
    _explain({job: _can_not(state) for job, state in before.items() if job not in chosen})
    if outcome.success:
        print(f"Rescheduled job {_list(outcome.success)}")
    end((str(job), why) for job, why in outcome.failed.items())


def _states(jobs: Jobs, wanted: list[int]) -> dict[int, str]:
    """The states of those jobs that exist, by id; the others are told."""
    found = {job: str(states["Status"]) for job, states in sorted(jobs.status(wanted).items())}
    _explain({job: "No such job" for job in wanted if job not in found})
    return found


def _may(state: str, *wanted: str) -> bool:
    return any(may_become(state, one) for one in wanted)


def _can_not(state: str | None) -> str:
    return "No such job" if state is None else f"A job in status {state} can't be rescheduled"


def _explain(reasons: Mapping[int, Any]) -> None:
    for job, why in reasons.items():
        print(f"Job {job}: {why}", file=sys.stderr)


def _list(ids: Iterable[int]) -> str:
    return ",".join(map(str, sorted(ids)))

"""The commands that show jobs."""

from __future__ import annotations

import pprint
from typing import TYPE_CHECKING, Any, Final

from diracx_bridge.cli.legacy_commands.arguments import Given, UsageError, separated
from diracx_bridge.cli.legacy_commands.failed import Failed, end
from diracx_bridge.cli.legacy_commands.selection import by_switches, no_number, numbers, one_by_one
from diracx_bridge.cli.legacy_commands.shown import jdl_members, table, time
from diracx_bridge.core.errors import ServerRefused

if TYPE_CHECKING:
    from diracx_bridge.client import Jobs

LOG: Final = ("Source", "Status", "MinorStatus", "ApplicationStatus", "DateTime")
STATES: Final = ("ApplicationStatus", "MinorStatus", "Status", "Site")
ATTRIBUTE_TIMES: Final = frozenset(
    {"SubmissionTime", "RescheduleTime", "LastUpdateTime", "StartExecTime", "HeartBeatTime", "EndExecTime"}
)
FLAGS: Final = frozenset({"VerifiedFlag", "AccountedFlag"})


def status(given: Given, jobs: Jobs) -> None:
    chosen = [*by_switches(given, jobs, needed=True), *separated(given.words)]
    if not chosen:
        raise UsageError(given.help, 1)
    found = jobs.status(numbers(chosen, "ERROR: "))
    for job, states in sorted(found.items()):
        print(f"JobID={job} " + "".join(f"{name}={states.get(name)}; " for name in STATES))


def logging_info(given: Given, jobs: Jobs) -> None:
    words, ids = one_by_one(given)
    found = jobs.log(ids)
    errors = []
    for word, job in words:
        if job is None:
            errors.append((word, _said(no_number(word))))
        elif job not in found:
            print(f"Could not retrieve logging information for job {job}")
            errors.append((word, f"No Logging information for job {job}"))
        else:
            rows = [
                [r["Source"], r["Status"], r["MinorStatus"], r["ApplicationStatus"], str(time(r["StatusTime"]))]
                for r in found[job]
            ]
            print(f"{table(LOG, rows)}\n")
    end(errors)


def parameters(given: Given, jobs: Jobs) -> None:
    words, ids = one_by_one(given)
    found = jobs.parameters(ids)
    errors = []
    for word, job in words:
        if job is None:
            errors.append((word, _said(no_number(word))))
        else:
            kept = {name: value for name, value in found.get(job, {}).items() if name != "StandardOutput"}
            print(pprint.pformat({job: kept}))
    end(errors)


def attributes(given: Given, jobs: Jobs) -> None:
    words, ids = one_by_one(given)
    found = jobs.attributes(ids)
    errors = []
    for word, job in words:
        if job is None:
            errors.append((word, _said(no_number(word))))
        else:
            print("=================\n", job)
            print(pprint.pformat({name: _attribute(name, value) for name, value in found.get(job, {}).items()}))
    for error in errors:
        print(error)
    if errors:
        raise Failed


def get_jdl(given: Given, jobs: Jobs) -> None:
    errors = []
    for word, job in one_by_one(given)[0]:
        if job is None:
            errors.append((word, _said(no_number(word))))
            continue
        try:
            text = jobs.jdl(job, original=given.last("Original") is not None)
        except ServerRefused as error:
            errors.append((word, str(error)))
            continue
        print(pprint.pformat(jdl_members(text)))
    end(errors)


def _said(text: str) -> str:
    """``text``, which DIRAC's logger shows where it happens, and the command again at its end."""
    print(text)
    return text


def _attribute(name: str, value: Any) -> Any:
    if name in ATTRIBUTE_TIMES:
        return time(value)
    return str(value) if name in FLAGS else value

"""What a series of status updates does to a job: the rules, without any database.

The rules are those of DIRAC 9.1's ``JobStatusUtility.setJobStatusBulk`` as DiracX 0.7 has them; the state machine is
DIRACCommon's. They differ from both in one thing: a transition that the state machine refuses gives the job no start or
end time, and it is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Final, NamedTuple

RUNNING: Final = "Running"
STALLED: Final = "Stalled"
IDEM: Final = "idem"
ENDED: Final = frozenset({"Done", "Completed", "Failed", "Killed"})
"""Entering one of these for the first time sets the end time."""
STOPPED: Final = frozenset({"Killed", "Deleted"})
"""Entering one of these takes the job out of its task queue and sends it a kill command."""
REFUSED_MARK: Final = "(SM)"
LOG_EPOCH: Final = 1_270_000_000
"""``LoggingInfo.StatusTimeOrder`` counts seconds from here (DIRAC's JobLoggingDB)."""
FARTHEST: Final = 1_000_000_000
"""``StatusTimeOrder`` is a DOUBLE(12,3): it has nine digits before the point."""
SOURCE_LENGTH, MINOR_LENGTH, APPLICATION_LENGTH = 32, 128, 255


class StatusChange(NamedTuple):
    """One requested change; None leaves a member as it is."""

    status: str | None = None
    minor_status: str | None = None
    application_status: str | None = None
    source: str = "Unknown"


class JobState(NamedTuple):
    """What the databases hold of a job; ``last_logged`` is the newest ``StatusTimeOrder`` in its log."""

    status: str
    start_exec_time: datetime | None = None
    end_exec_time: datetime | None = None
    last_logged: float | None = None


class LogRecord(NamedTuple):
    """One line for the job's log; ``idem`` stands for "as before"."""

    status: str
    minor_status: str
    application_status: str
    time: datetime
    source: str


@dataclass(slots=True)
class StatusPlan:
    """What has to be written; None leaves a column as it is. ``refused`` tells which transitions were not made."""

    status: str | None = None
    minor_status: str | None = None
    application_status: str | None = None
    last_update_time: datetime | None = None
    heart_beat_time: datetime | None = None
    start_exec_time: datetime | None = None
    end_exec_time: datetime | None = None
    log: list[LogRecord] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    stops: bool = False

    @property
    def changes_row(self) -> bool:
        """Whether the row of the job is written at all, not only its log."""
        return any((self.status, self.heart_beat_time, self.start_exec_time, self.end_exec_time))


@cache
def transitions() -> Mapping[str, frozenset[str]]:
    """State -> the states that it may become, from DIRACCommon's state machine; Deleted may become anything."""
    from DIRACCommon.WorkloadManagementSystem.Client.JobStatus import JobsStateMachine

    states = JobsStateMachine("Submitting").states
    return {name: frozenset(state.stateMap if state.stateMap else states) | {name} for name, state in states.items()}


def may_become(current: str, wanted: str) -> bool:
    """Whether a job in ``current`` may become ``wanted``; a state that nobody knows may be left for any other."""
    allowed = transitions().get(current)
    return allowed is None or wanted in allowed


def problem_with(changes: Mapping[datetime, StatusChange]) -> str | None:
    """Why these updates can't be applied to any job (no update, text that does not fit its column), or None."""
    if not changes:
        return "No status update is given: name at least one time with a Status, MinorStatus or ApplicationStatus"
    for time, change in changes.items():
        if abs(log_order(time)) >= FARTHEST:
            return f"The time {time.isoformat()} does not fit DIRAC's job log, which ends in 2041"
        minor_status, application_status = change.minor_status or "", change.application_status or ""
        if len(minor_status) > MINOR_LENGTH:
            return f"MinorStatus is longer than {MINOR_LENGTH} characters: {minor_status!r:.60}..."
        if len(application_status) > APPLICATION_LENGTH:
            shown = f"{application_status!r:.60}"
            return f"ApplicationStatus is longer than {APPLICATION_LENGTH} characters: {shown}..."
        if "\0" in minor_status or "\0" in application_status or "\0" in change.source:
            return "A text holds a NUL character, which databases cut off"
    return None


def plan_status(
    job: JobState, changes: Mapping[datetime, StatusChange], *, now: datetime, force: bool = False
) -> StatusPlan:
    """What ``changes`` (by aware time) do to ``job``; ``force`` skips the state machine.

    The row of the job changes only if the newest change is not older than the newest log record; the log gets a
    record of every change in any case. A stalled job counts as running. Times are compared as the log keeps them, in
    milliseconds.
    """
    plan = StatusPlan()
    times = sorted(changes)
    current = RUNNING if job.status == STALLED else job.status
    last = float("-inf") if job.last_logged is None else job.last_logged
    applies = log_order(times[-1]) >= last
    walked = job.status if log_order(times[0]) >= last else ""
    stopped = False
    for time in times:
        change = changes[time]
        on_time = applies and log_order(time) >= last
        status, source = change.status or None, change.source or "Unknown"
        refused = bool(status) and on_time and not (force or may_become(current, str(status)))
        if refused:
            allowed = ", ".join(sorted(transitions()[current] - {current})) or "nothing else"
            plan.refused.append(f"A job in status {current} can't become {status}; it can become {allowed}")
            status, source = current, source + REFUSED_MARK
        elif status and on_time:
            current, stopped = status, status in STOPPED
        if on_time:
            plan.minor_status = change.minor_status or plan.minor_status
            plan.application_status = change.application_status or plan.application_status
        if not refused:
            walked = status or walked
            _note_start_and_end(plan, job, walked, time)
        if source.startswith("Job") or source == "Heartbeat":
            plan.heart_beat_time = time
        plan.log.append(_record(status, change, time, source))
    if applies:
        plan.status, plan.last_update_time, plan.stops = current, now, stopped
    return plan


@lru_cache(maxsize=4096)
def log_order(time: datetime) -> float:
    """``LoggingInfo.StatusTimeOrder`` of a time: seconds since LOG_EPOCH with the column's three decimals."""
    return round(time.timestamp() - LOG_EPOCH, 3)


def _note_start_and_end(plan: StatusPlan, job: JobState, status: str, time: datetime) -> None:
    if status == RUNNING and job.start_exec_time is None and plan.start_exec_time is None:
        plan.start_exec_time = time
    elif status in ENDED and job.end_exec_time is None and plan.end_exec_time is None:
        plan.end_exec_time = time


def _record(status: str | None, change: StatusChange, time: datetime, source: str) -> LogRecord:
    return LogRecord(
        status=status or IDEM,
        minor_status=change.minor_status or IDEM,
        application_status=(change.application_status or IDEM)[:APPLICATION_LENGTH],
        time=time,
        source=source[:SOURCE_LENGTH],
    )

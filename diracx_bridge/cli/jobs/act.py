"""``diracx-bridge jobs kill``, ``delete``, ``reschedule``, ``wait``."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diracx_bridge.cli.failures import FAILED, PARTLY
from diracx_bridge.cli.ids import JobIds, job_ids
from diracx_bridge.cli.output import Json, note, print_json, print_table, wants_json

if TYPE_CHECKING:
    from diracx_bridge.client.api.jobs import BulkOutcome


def kill(ids: JobIds = None, json: Json = False) -> None:
    """Stop jobs; those that run stop at their next heartbeat."""
    from diracx_bridge.client import Jobs

    _report(Jobs().kill(job_ids(ids)), "killed", json)


def delete(ids: JobIds = None, json: Json = False) -> None:
    """Stop jobs and mark them for removal."""
    from diracx_bridge.client import Jobs

    _report(Jobs().delete(job_ids(ids)), "deleted", json)


def reschedule(
    ids: JobIds = None,
    reset: Annotated[bool, typer.Option("--reset", help="Count their reschedulings from 0 again.")] = False,
    json: Json = False,
) -> None:
    """Run jobs again from the start."""
    from diracx_bridge.client import Jobs

    _report(Jobs().reschedule(job_ids(ids), reset=reset), "rescheduled", json)


def wait(
    ids: JobIds = None,
    until: Annotated[
        list[str] | None, typer.Option("--until", help="A state to wait for.", show_default="final states")
    ] = None,
    timeout: Annotated[float | None, typer.Option(min=0, help="Give up after so many seconds.")] = None,
    poll: Annotated[float, typer.Option(min=1, help="Seconds between looks.")] = 10.0,
    json: Json = False,
) -> None:
    """Wait until jobs have ended; exit code 0 if all are Done or Completed, 1 if one is not."""
    from diracx_bridge.client import Jobs
    from diracx_bridge.client.api.jobs import FINAL

    wanted = job_ids(ids)
    states = frozenset(until or FINAL)
    progress = _Progress() if sys.stderr.isatty() else None
    found = Jobs().wait(wanted, until=states, timeout=timeout, poll=poll, progress=progress)
    if wants_json(json):
        print_json({str(job): found[job] for job in wanted})
    else:
        rows = [{"JobID": job, **found[job]} for job in wanted]
        print_table(("JobID", "Status", "MinorStatus", "ApplicationStatus"), rows)
    if until is None and any(found[job]["Status"] not in ("Done", "Completed") for job in wanted):
        raise typer.Exit(FAILED.code)


class _Progress:
    """Says on standard error how many jobs are in which state, when that has changed."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()

    def __call__(self, now: dict[int, dict[str, Any]]) -> None:
        counts = Counter(job["Status"] for job in now.values())
        if counts != self._last:
            note("  ".join(f"{state} {count}" for state, count in sorted(counts.items())))
            self._last = counts


def _report(outcome: BulkOutcome, done: str, json: bool) -> None:
    if wants_json(json):
        success = {str(job): said for job, said in outcome.success.items()}
        print_json({"success": success, "failed": {str(job): why for job, why in outcome.failed.items()}})
    else:
        if outcome.success:
            shown = ", ".join(map(str, list(outcome.success)[:20])) + (" ..." if len(outcome.success) > 20 else "")
            typer.echo(f"{len(outcome.success)} jobs {done}: {shown}")
        for job, why in outcome.failed.items():
            note(f"Job {job}: {why}")
    if outcome.failed:
        raise typer.Exit(PARTLY.code if outcome.success else FAILED.code)

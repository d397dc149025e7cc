"""Changing the status of jobs: one transaction, whatever the number of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from diracx_bridge.core.job_status import STOPPED, StatusChange, StatusPlan, plan_status, problem_with
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.job.db import LockedJob
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.policies import JobPolicy

Changes = Mapping[int, Mapping[datetime, StatusChange]]
NOT_FOUND = "Not found"
REFUSED = "transition_refused"


@dataclass(slots=True)
class StatusOutcome:
    """What became of each job: ``success`` maps to the columns that changed, ``failed`` to ``detail`` and ``code``."""

    success: dict[int, dict[str, Any]] = field(default_factory=dict)
    failed: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def nothing_found(self) -> bool:
        """Whether no job could be updated at all, because none exists."""
        return not self.success and all(f["detail"] == NOT_FOUND for f in self.failed.values())


async def set_statuses(
    tx: Transaction, stores: JobStores, policy: JobPolicy, user: Principal, changes: Changes, *, force: bool
) -> StatusOutcome:
    """Apply status changes, each job for itself, and log them; jobs that are killed or deleted leave their queues.

    A job with updates that fit nowhere, or that does not exist, is reported under ``failed`` and the others go on.

    Raises:
        PermissionDenied: the caller may not change one of the jobs; then nothing is written.
    """
    now = datetime.now(UTC)
    locked, last_logged = stores.jobs.lock(tx, changes), stores.log.newest(tx, changes)
    jobs = await locked
    missing = changes.keys() - jobs.keys()
    policy.may_change(user, jobs, missing, force=force)
    newest = await last_logged
    outcome = StatusOutcome(failed={job: {"detail": NOT_FOUND} for job in sorted(missing)})
    plans = {}
    async for job_id, job in in_turns(jobs.items()):
        if problem := problem_with(changes[job_id]):
            outcome.failed[job_id] = {"detail": problem, "code": "invalid_update"}
            continue
        state = job.state(newest.get(job_id))
        plans[job_id] = plan = plan_status(state, changes[job_id], now=now, force=force)
        _report(outcome, job_id, plan, job)
    await write_plans(tx, stores, plans, now)
    return outcome


def stops_jobs(changes: Changes) -> bool:
    """Whether one of the changes kills or deletes: such a request must not be done twice."""
    return any(change.status in STOPPED for updates in changes.values() for change in updates.values())


async def write_plans(tx: Transaction, stores: JobStores, plans: Mapping[int, StatusPlan], now: datetime) -> None:
    """Write what was planned: rows, logs, and for jobs that stop the kill command and their task queues."""
    rows = {job: columns(plan) async for job, plan in in_turns(plans.items()) if plan.changes_row}
    await stores.jobs.apply(tx, rows)
    await stores.log.append(tx, {job: plan.log for job, plan in plans.items()})
    stopping = [job for job, plan in plans.items() if plan.stops]
    if stopping:
        await stores.queues.remove_jobs(tx, stopping)
        await stores.jobs.add_kill_commands(tx, stopping, now)


def columns(plan: StatusPlan) -> dict[str, Any]:
    """The columns of Jobs that a plan sets, by name; None for those that stay."""
    return {
        "Status": plan.status,
        "MinorStatus": plan.minor_status,
        "ApplicationStatus": plan.application_status,
        "HeartBeatTime": plan.heart_beat_time,
        "StartExecTime": plan.start_exec_time,
        "EndExecTime": plan.end_exec_time,
        "LastUpdateTime": plan.last_update_time,
    }


def _report(outcome: StatusOutcome, job_id: int, plan: StatusPlan, job: LockedJob) -> None:
    if plan.refused:
        outcome.failed[job_id] = {"detail": "; ".join(plan.refused), "code": REFUSED}
    kept_status = plan.status == job.status
    if not plan.refused or not kept_status or plan.minor_status or plan.application_status:
        outcome.success[job_id] = columns(plan)

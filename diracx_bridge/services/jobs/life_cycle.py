"""The ends of jobs, and the second half of bulk submissions; what DIRAC's JobManager does, in one transaction each.

Unlike there, each change is logged, and a job that is killed gets its end time, as with ``PATCH /api/jobs/status``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from diracx_bridge.core.errors import PermissionDenied
from diracx_bridge.core.job_status import IDEM, LogRecord, StatusPlan, may_become, transitions
from diracx_bridge.core.properties import JOB_ADMINISTRATOR
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.job.db import LockedJob
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.outcomes import REFUSED, Outcomes, jobs_for
from diracx_bridge.services.jobs.status import columns
from diracx_bridge.services.jobs.stores import SANDBOXES, JobStores
from diracx_bridge.services.jobs.submission import RECEIVED, SOURCE, SUBMITTING
from diracx_bridge.services.policies import JobPolicy, Right

KILLED: Final = ("Killed", "Marked for termination")
DELETED: Final = ("Deleted", "Checking accounting")
CONFIRMED: Final = frozenset({"Received", "Checking", "Waiting", "Matched", "Running"})
"""Jobs in these states have been confirmed before; DIRAC's JobManager takes that for a success."""
NOT_CONFIRMED: Final = "not_confirmed"


async def kill_jobs(
    tx: Transaction, stores: JobStores, policy: JobPolicy, user: Principal, job_ids: Iterable[int], *, force: bool
) -> Outcomes:
    """Tell jobs to stop, and set them to Killed; they leave their task queues. ``force``: whatever their state.

    Raises:
        PermissionDenied: ``force`` of somebody who is no job administrator.
    """
    _may_force(user, force=force)
    jobs, outcomes = await jobs_for(tx, stores, policy, user, Right.KILL, job_ids)
    plans = {}
    async for job_id, job in in_turns(jobs.items()):
        if force or _killable(job):
            plans[job_id] = _plan(job, [KILLED])
        else:
            outcomes.fail(job_id, REFUSED, _refusal(job, "Killed"))
    await _stop(tx, stores, plans, plans)
    outcomes.success |= {job_id: columns(plan) for job_id, plan in plans.items()}
    return outcomes


async def delete_jobs(
    tx: Transaction, stores: JobStores, policy: JobPolicy, user: Principal, job_ids: Iterable[int], *, force: bool
) -> Outcomes:
    """Kill what can be killed, and set to Deleted what can be deleted; ``force``: whatever their state.

    A running job can be killed only: it is among ``failed``, to be deleted once more, and among ``success`` as Killed.

    Raises:
        PermissionDenied: ``force`` of somebody who is no job administrator.
    """
    _may_force(user, force=force)
    jobs, outcomes = await jobs_for(tx, stores, policy, user, Right.DELETE, job_ids)
    plans, killed = {}, []
    async for job_id, job in in_turns(jobs.items()):
        killable, deletable = _killable(job), force or may_become(job.status, "Deleted")
        if killable:
            killed.append(job_id)
        if killable or deletable:
            plans[job_id] = _plan(job, [KILLED] * killable + [DELETED] * deletable)
        if not deletable:
            now_killed = ". It is killed now: delete it again" if killable else ""
            outcomes.fail(job_id, REFUSED, _refusal(job, "Deleted") + now_killed)
    await _stop(tx, stores, plans, killed)
    outcomes.success |= {job_id: columns(plan) for job_id, plan in plans.items()}
    return outcomes


async def remove_jobs(
    tx: Transaction, stores: JobStores, policy: JobPolicy, user: Principal, job_ids: Iterable[int]
) -> Outcomes:
    """Remove all rows of jobs from JobDB, JobLoggingDB and TaskQueueDB, whatever their state; free their sandboxes."""
    jobs, outcomes = await jobs_for(tx, stores, policy, user, Right.DELETE, job_ids)
    if jobs:
        if SANDBOXES in tx.databases:
            await stores.sandboxes.unassign(tx, jobs)
        await stores.queues.remove_jobs(tx, jobs)
        await stores.jobs.remove(tx, jobs)
        await stores.log.remove(tx, jobs)
    outcomes.success |= {job_id: {} for job_id in jobs}
    return outcomes


async def confirm_jobs(
    tx: Transaction, stores: JobStores, policy: JobPolicy, user: Principal, job_ids: Iterable[int], *, atomic: bool
) -> Outcomes:
    """Let jobs of a bulk submission go on: from Submitting to Received. ``atomic``: all of them, or none.

    Raises:
        PermissionDenied: the caller may not submit jobs.
    """
    policy.may_submit(user)
    jobs, outcomes = await jobs_for(tx, stores, policy, user, Right.SUBMIT, job_ids)
    for job_id, job in jobs.items():
        if job.status not in CONFIRMED | {SUBMITTING[0]}:
            outcomes.fail(job_id, REFUSED, f"A job in status {job.status} does not wait for confirmation")
    good = {job_id: job for job_id, job in jobs.items() if job_id not in outcomes.failed}
    if atomic and outcomes.failed:
        for job_id in good:
            outcomes.fail(job_id, NOT_CONFIRMED, "Others of the request can't be confirmed, so none is")
        return outcomes
    plans = {}
    async for job_id, job in in_turns(good.items()):
        done = StatusPlan(status=job.status, minor_status=job.minor_status)
        if job.status == SUBMITTING[0]:
            done = plans[job_id] = _plan(job, [RECEIVED])
        outcomes.success[job_id] = columns(done)
    await _write(tx, stores, plans)
    return outcomes


def _may_force(user: Principal, *, force: bool) -> None:
    if force and not user.has(JOB_ADMINISTRATOR):
        raise PermissionDenied(f"Only a member of a group with {JOB_ADMINISTRATOR} may force a status")


def _killable(job: LockedJob) -> bool:
    # DIRAC's state machine lets a deleted job become anything: it would come back as Killed
    return job.status != "Deleted" and may_become(job.status, "Killed")


def _refusal(job: LockedJob, wanted: str) -> str:
    others = transitions().get(job.status, frozenset()) - {job.status} if job.status != "Deleted" else ()
    allowed = ", ".join(sorted(others)) or "nothing"
    return f"A job in status {job.status} can't become {wanted}; it can become {allowed}"


def _plan(job: LockedJob, steps: Sequence[tuple[str, str]]) -> StatusPlan:
    """One log record for each step, a millisecond apart, so that their order is certain."""
    now = datetime.now(UTC)
    status, minor_status = steps[-1]
    plan = StatusPlan(status=status, minor_status=minor_status, last_update_time=now)
    if KILLED in steps and job.end_exec_time is None:
        plan.end_exec_time = now
    plan.log = [
        LogRecord(status, minor_status, IDEM, now + timedelta(milliseconds=number), SOURCE)
        for number, (status, minor_status) in enumerate(steps)
    ]
    return plan


async def _stop(tx: Transaction, stores: JobStores, plans: dict[int, StatusPlan], killed: Collection[int]) -> None:
    if plans:
        await _write(tx, stores, plans)
        await stores.queues.remove_jobs(tx, plans)
        if killed:
            await stores.jobs.add_kill_commands(tx, killed, datetime.now(UTC))


async def _write(tx: Transaction, stores: JobStores, plans: dict[int, StatusPlan]) -> None:
    await stores.jobs.apply(tx, {job_id: columns(plan) for job_id, plan in plans.items()})
    await stores.log.append(tx, {job_id: plan.log for job_id, plan in plans.items()})

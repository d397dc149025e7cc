"""Setting the attributes that DIRAC's JobStateUpdate service lets its clients set, and telling what that changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from diracx_bridge.core.errors import InvalidInput, JobsNotFound
from diracx_bridge.core.job_status import APPLICATION_LENGTH, MINOR_LENGTH, may_become, transitions
from diracx_bridge.db.sql.job.db import LockedJob
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.metadata import SITE_LENGTH
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.policies import JobPolicy

LENGTHS: Final = {"MinorStatus": MINOR_LENGTH, "ApplicationStatus": APPLICATION_LENGTH, "Site": SITE_LENGTH}
TIMES: Final = frozenset({"StartExecTime", "EndExecTime", "HeartBeatTime"})
SETTABLE: Final = frozenset({"Status", *LENGTHS, *TIMES})
STATUS_ROWS: Final = 2
"""What DIRAC counts for a changed status: MySQL reports 2 rows for its INSERT ... ON DUPLICATE KEY UPDATE."""


async def set_attributes(
    stores: JobStores, policy: JobPolicy, user: Principal, updates: Mapping[int, Mapping[str, str]]
) -> dict[int, int]:
    """Set columns of jobs as DIRAC's ``setJobAttribute`` does: not logged, LastUpdateTime stays, no forced status.

    The answer is, by job, the number of changed rows as DIRAC counts them: 0 for a value that was there already or a
    transition that the state machine refuses, 2 for a changed status, 1 for another changed attribute.

    Raises:
        InvalidInput: another attribute, or a value that does not fit; then nothing is written.
        JobsNotFound: some of the jobs do not exist; then nothing is written.
        PermissionDenied: the caller may not change one of the jobs; then nothing is written.
    """
    wanted = {job: {name: _value(job, name, text) for name, text in named.items()} for job, named in updates.items()}

    async def work(tx: Transaction) -> dict[int, int]:
        jobs = await stores.jobs.lock(tx, wanted)
        missing = wanted.keys() - jobs.keys()
        policy.may_change(user, jobs, missing, force=False)
        if missing:
            raise JobsNotFound(missing)
        changes = {job_id: _changed(job, wanted[job_id]) for job_id, job in jobs.items()}
        await stores.jobs.apply(tx, {job_id: change for job_id, change in changes.items() if change})
        return {
            job_id: sum(STATUS_ROWS if name == "Status" else 1 for name in change) for job_id, change in changes.items()
        }

    return await stores.server.write(work)


def _value(job: int, name: str, text: str) -> str | datetime:
    if name not in SETTABLE:
        raise InvalidInput(
            f"Job {job}: attribute {name!r} can't be set; the ones that can are {', '.join(sorted(SETTABLE))}"
        )
    if name == "Status" and text not in transitions():
        raise InvalidInput(f"Job {job}: {text!r} is not a valid state; the valid ones are {', '.join(transitions())}")
    if name in TIMES:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            raise InvalidInput(f"Job {job}: {name} {text!r} is not a time; write it as 2026-01-31 23:59:59") from None
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    if len(text) > LENGTHS.get(name, len(text)):
        raise InvalidInput(f"Job {job}: {name} is longer than {LENGTHS[name]} characters: {text!r:.60}...")
    return text


def _changed(job: LockedJob, wanted: Mapping[str, str | datetime]) -> dict[str, Any]:
    present = {
        "Status": job.status,
        "MinorStatus": job.minor_status,
        "ApplicationStatus": job.application_status,
        "Site": job.site,
        "StartExecTime": job.start_exec_time,
        "EndExecTime": job.end_exec_time,
        "HeartBeatTime": job.heart_beat_time,
    }
    return {
        name: value
        for name, value in wanted.items()
        if value != present[name] and (name != "Status" or may_become(job.status, str(value)))
    }

"""Setting attributes and parameters of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diracx_bridge.core.errors import InvalidInput, JobsNotFound
from diracx_bridge.core.models.jobs import ATTRIBUTE_COLUMNS, JobMetaData
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.delivery import Delivery
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.policies import JobPolicy

SITE_LENGTH = 100


async def set_metadata(
    stores: JobStores,
    delivery: Delivery,
    policy: JobPolicy,
    user: Principal,
    updates: Mapping[int, JobMetaData],
) -> None:
    """Set ``Site`` and any job parameters; both are safe when this returns, or neither.

    Raises:
        InvalidInput: another job attribute, or a value that does not fit; then nothing is written.
        JobsNotFound: some of the jobs do not exist; then nothing is written.
        PermissionDenied: the caller may not change one of the jobs; then nothing is written.
    """
    sites, documents = {}, {}
    async for job, update in in_turns(updates.items()):
        values = update.model_dump(by_alias=True, exclude_unset=True, mode="json")
        _check(job, values)
        if values.get("Site") is not None:
            sites[job] = {"Site": values["Site"]}
        documents[job] = {name: value for name, value in values.items() if name not in ATTRIBUTE_COLUMNS}

    async def work(tx: Transaction) -> None:
        jobs = await stores.jobs.lock(tx, updates)
        missing = updates.keys() - jobs.keys()
        policy.may_change(user, jobs, missing, force=False)
        if missing:
            raise JobsNotFound(missing)
        await stores.jobs.apply(tx, sites)
        await delivery.put(tx, {job_id: job.vo for job_id, job in jobs.items()}, documents)

    await stores.server.write(work)
    await delivery.flush(job for job, document in documents.items() if document)


def _check(job: int, named: Mapping[str, Any]) -> None:
    refused = sorted((named.keys() & ATTRIBUTE_COLUMNS) - {"Site"})
    if refused:
        raise InvalidInput(
            f"Job {job}: {', '.join(refused)} can't be set here; of the job attributes only Site can. "
            "Statuses are set by PATCH /api/jobs/status, heartbeats by PATCH /api/jobs/heartbeat."
        )
    if len(named.get("Site") or "") > SITE_LENGTH:
        raise InvalidInput(f"Job {job}: Site is longer than {SITE_LENGTH} characters: {named['Site']!r:.60}...")

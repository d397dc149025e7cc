"""What users read of jobs whose ids they know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from diracx_bridge.core.errors import InvalidQuery, JobsNotFound, PermissionDenied
from diracx_bridge.db.sql.job.job_reads import ATTRIBUTES, Ownership
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.history import histories
from diracx_bridge.services.jobs.jdl.prepared import extracted
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.policies import JobPolicy, Right

LFN_PREFIX: Final = "lfn:"


class JobReader:
    """Reads jobs for one user, as far as he may see them.

    Of many jobs, those that do not exist or may not be seen are absent from the answer; a single one is an error.
    """

    def __init__(self, stores: JobStores, policy: JobPolicy, user: Principal, *, global_jobs_info: bool) -> None:
        self._stores = stores
        self._policy = policy
        self._user = user
        self._global = global_jobs_info

    async def jdl(self, job_id: int, *, original: bool) -> str:
        """The executed or the original description.

        Raises:
            JobsNotFound: there is no such job.
            PermissionDenied: it may not be seen.
        """

        async def work(tx: Transaction) -> str:
            await self._seen(tx, job_id)
            return (await self._stores.jobs.jdls(tx, [job_id]))[job_id][original]

        return extracted(await self._stores.server.read(work))

    async def log(self, job_id: int) -> Sequence[Mapping[str, Any]]:
        """The changes of status, oldest first; raises as `jdl`."""

        async def work(tx: Transaction) -> Sequence[Mapping[str, Any]]:
            await self._seen(tx, job_id)
            return (await histories(tx, self._stores.log, [job_id])).get(job_id, [])

        return await self._stores.server.read(work)

    async def logs(self, job_ids: Iterable[int]) -> dict[int, Sequence[Mapping[str, Any]]]:
        """The changes of status by job; empty for a job without log."""

        async def work(tx: Transaction) -> dict[int, Sequence[Mapping[str, Any]]]:
            visible = await self._visible(tx, job_ids)
            found = await histories(tx, self._stores.log, visible)
            return {job_id: found.get(job_id, []) for job_id in visible}

        return await self._stores.server.read(work)

    async def heartbeats(self, job_id: int) -> list[dict[str, Any]]:
        """What the job told of itself, in the order of time; raises as `jdl`."""

        async def work(tx: Transaction) -> list[dict[str, Any]]:
            await self._seen(tx, job_id)
            found = await self._stores.jobs.heartbeats(tx, job_id)
            return [{"Name": name, "Value": value, "HeartBeatTime": time} for name, value, time in found]

        return await self._stores.server.read(work)

    async def input_data(self, job_id: int) -> list[str]:
        """The names of the input files, without ``LFN:``; raises as `jdl`."""

        async def work(tx: Transaction) -> list[str]:
            await self._seen(tx, job_id)
            return _bare((await self._stores.jobs.input_data(tx, [job_id])).get(job_id, []))

        return await self._stores.server.read(work)

    async def input_data_of(self, job_ids: Iterable[int]) -> dict[int, list[str]]:
        """The same by job; empty for a job without input files."""

        async def work(tx: Transaction) -> dict[int, list[str]]:
            visible = await self._visible(tx, job_ids)
            found = await self._stores.jobs.input_data(tx, visible)
            return {job_id: _bare(found.get(job_id, [])) for job_id in visible}

        return await self._stores.server.read(work)

    async def attributes(self, job_ids: Iterable[int], names: Sequence[str] | None) -> dict[int, dict[str, Any]]:
        """Columns of Jobs by job, in the order of ``names``; all of them for None.

        Raises:
            InvalidQuery: there is no such column.
        """
        if unknown := sorted(set(names or ()) - set(ATTRIBUTES)):
            raise InvalidQuery(f"Unknown job attribute {', '.join(unknown)}; there are {', '.join(ATTRIBUTES)}")
        rows = await self._stores.server.read(lambda tx: self._stores.jobs.attributes(tx, job_ids))
        owners = {job_id: Ownership(row["Owner"], row["OwnerGroup"], row["VO"]) for job_id, row in rows.items()}
        hidden = self._hidden(owners)
        chosen = ATTRIBUTES if names is None else names
        return {job_id: {name: row[name] for name in chosen} for job_id, row in rows.items() if job_id not in hidden}

    async def seen(self, job_id: int) -> dict[int, Ownership]:
        """Whose job it is; raises as `jdl`."""
        return await self._stores.server.read(lambda tx: self._seen(tx, job_id))

    async def visible(self, job_ids: Iterable[int]) -> dict[int, Ownership]:
        """Whose the jobs are, those that may be seen."""
        return await self._stores.server.read(lambda tx: self._visible(tx, job_ids))

    def _hidden(self, jobs: Mapping[int, Ownership]) -> set[int]:
        return self._policy.without(Right.READ, self._user, jobs, global_jobs_info=self._global)

    async def _visible(self, tx: Transaction, job_ids: Iterable[int]) -> dict[int, Ownership]:
        jobs = await self._stores.jobs.owners(tx, job_ids)
        hidden = self._hidden(jobs)
        return {job_id: job for job_id, job in jobs.items() if job_id not in hidden}

    async def _seen(self, tx: Transaction, job_id: int) -> dict[int, Ownership]:
        jobs = await self._stores.jobs.owners(tx, [job_id])
        if not jobs:
            raise JobsNotFound([job_id])
        if self._hidden(jobs):
            raise PermissionDenied(f"Job {job_id} is not yours, and your VO does not show the jobs of others")
        return jobs


def _bare(lfns: Iterable[str]) -> list[str]:
    stripped = (lfn.strip() for lfn in lfns)
    return [lfn[len(LFN_PREFIX) :] if lfn.lower().startswith(LFN_PREFIX) else lfn for lfn in stripped]

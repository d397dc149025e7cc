"""Sandboxes of jobs: uploading, fetching, and which job uses which."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from diracx_bridge.core.errors import InvalidInput, JobsNotFound, Unavailable
from diracx_bridge.core.models.sandboxes import SandboxInfo
from diracx_bridge.core.sandbox_pfn import SandboxPFN, full_pfn
from diracx_bridge.db.sandbox_store.interface import PresignedUpload, SandboxStore
from diracx_bridge.db.sql.sandbox_metadata.db import Owner, SandboxMetadataDB
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.stores import SANDBOXES, JobStores
from diracx_bridge.services.policies import JobPolicy
from diracx_bridge.services.sandbox_policy import SandboxPolicy

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of the largest sandbox, as in DiracX 0.7.0."""
TOUCH_AFTER: Final = timedelta(hours=1)
"""A download is noted when the last one is so long ago: thousands of jobs may fetch one sandbox at the same time."""


@dataclass(frozen=True, slots=True)
class Sandboxes:
    """What the sandbox routes work with; ``se_name`` is the storage element of our own sandboxes."""

    jobs: JobStores
    store: SandboxStore | None
    se_name: str
    policy: SandboxPolicy
    job_policy: JobPolicy

    async def initiate_upload(
        self, user: Principal, info: SandboxInfo, base_url: str
    ) -> tuple[str, PresignedUpload | None]:
        """The full PFN of the archive, and where to upload it: None if it is there already.

        Raises:
            InvalidInput: it is too large.
            PermissionDenied: the caller may not upload.
            Unavailable: the store or a database does not answer.
        """
        self.policy.may_upload(user)
        if info.size > LARGEST:
            raise InvalidInput(f"The sandbox has {info.size} bytes; at most {LARGEST} are accepted")
        store, database = await self._open_store(), self._database
        checksum = info.checksum.lower()
        owner = Owner(user.preferred_username, user.group, user.vo)
        pfn = SandboxPFN.of_upload(store.bucket, owner.vo, owner.group, owner.user, checksum, info.format)
        row = (owner, self.se_name, pfn.short, info.size, datetime.now(UTC))
        server = self.jobs.server
        new = await server.write_once(lambda tx: database.register_new(tx, *row))
        new = new or await server.write(lambda tx: database.register(tx, *row))
        if not new and await store.holds(pfn.key):
            return pfn.full(self.se_name), None
        return pfn.full(self.se_name), store.upload(pfn.key, checksum=checksum, size=info.size, base_url=base_url)

    async def url_of(self, user: Principal, pfn: SandboxPFN, base_url: str) -> tuple[str, int]:
        """A URL from which the archive can be fetched, and for how many seconds.

        Raises:
            InvalidInput: there is no such sandbox, or it is in another store.
            PermissionDenied: it is not the caller's.
            Unavailable: the store or the database does not answer.
        """
        self.policy.may_download(user, pfn, None)
        store = await self._open_store()
        found = await self.jobs.server.read(lambda tx: self._database.find(tx, pfn.se or self.se_name, pfn.short))
        if found is None:
            raise InvalidInput(f"There is no sandbox {pfn.full(self.se_name)}")
        self.policy.may_download(user, pfn, found.owner)
        if pfn.bucket != store.bucket:
            raise InvalidInput(f"{pfn.short} is in the bucket {pfn.bucket}, which is not the one of this installation")
        now = datetime.now(UTC)
        if found.last_access is None or found.last_access < now - TOUCH_AFTER:
            await self.jobs.server.write_once(lambda tx: self._database.touch(tx, found.id, now))
        return store.download(pfn.key, base_url=base_url), store.url_validity

    async def of_job(self, user: Principal, job: int) -> dict[str, list[str]]:
        """PFNs of the sandboxes of a job by kind, ``Input`` and ``Output``; those of other stores with their element.

        Raises:
            JobsNotFound: an administrator asks for a job that does not exist.
            PermissionDenied: the job is not the caller's, or does not exist.
        """
        found = await self.jobs.server.read(lambda tx: self._database.of_job(tx, job))
        if found is None:
            self.policy.may_list(user, job, None, None)
            raise JobsNotFound([job])
        self.policy.may_list(user, job, found.owner, found.vo)
        listed: dict[str, list[str]] = {"Input": [], "Output": []}
        for kind, se, sepfn in found.used:
            listed.setdefault(kind, []).append(sepfn if se == self.se_name else full_pfn(se, sepfn))
        return listed

    async def assign_output(self, user: Principal, job: int, pfn: SandboxPFN) -> None:
        """Make the sandbox an output sandbox of the job; doing it twice is doing it once.

        Raises:
            InvalidInput: there is no such sandbox.
            JobsNotFound: there is no such job.
            PermissionDenied: the caller may not change the job, or may not use the sandbox.
        """
        database, se = self._database, pfn.se or self.se_name

        async def work(tx: Transaction) -> None:
            jobs = await self.jobs.jobs.lock(tx, [job])
            self.job_policy.may_change(user, jobs, {job} - jobs.keys(), force=False)
            if job not in jobs:
                raise JobsNotFound([job])
            found = await database.find(tx, se, pfn.short, lock=True)
            if found is None:
                raise InvalidInput(f"There is no sandbox {pfn.full(se)}: upload it first")
            self.policy.may_use(user, pfn.short, found.owner, job_vo=jobs[job].vo)
            await database.assign(tx, [(found.id, job)], "Output")

        await self.jobs.server.write(work)

    async def unassign(self, user: Principal, job_ids: Collection[int]) -> None:
        """Let jobs use no sandbox any more, neither input nor output.

        Raises:
            JobsNotFound: some of the jobs do not exist; then nothing is done.
            PermissionDenied: the caller may not change one of the jobs; then nothing is done.
        """
        database = self._database

        async def work(tx: Transaction) -> None:
            jobs = await self.jobs.jobs.lock(tx, job_ids)
            missing = set(job_ids) - jobs.keys()
            self.job_policy.may_change(user, jobs, missing, force=False)
            if missing:
                raise JobsNotFound(missing)
            await database.unassign(tx, jobs)

        await self.jobs.server.write(work)

    @property
    def _database(self) -> SandboxMetadataDB:
        if SANDBOXES not in self.jobs.server.databases:
            raise Unavailable("This installation has no sandboxes: DIRACX_DB_URL_SANDBOXMETADATADB is not set")
        return self.jobs.sandboxes

    async def _open_store(self) -> SandboxStore:
        if self.store is None:
            raise Unavailable(
                "This installation has no sandbox store: set DIRACX_SANDBOX_STORE_BUCKET_NAME and "
                "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS, or DIRACX_BRIDGE_SANDBOX_DIRECTORY"
            )
        await self.store.check()
        return self.store

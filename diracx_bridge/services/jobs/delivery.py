"""The way of job parameters to their store: noted in the transaction that they belong to, written after its commit.

OpenSearch has no transactions. So a request notes parameters in BridgeDB's outbox, and is committed whether
OpenSearch is there or not. One task per process writes what is noted, in one bulk request for all that came meanwhile,
and the requests wait a moment for it, so that readers see their parameters. While OpenSearch is away nobody waits; the
task tries again with growing pauses. Rows are locked while they are written: several processes never write the
parameters of one job at the same time, and always in the order of the commits.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import orjson
import structlog

from diracx_bridge.core.errors import InvalidInput, Unavailable
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.os.job_parameters import JobParametersDB
from diracx_bridge.db.os.mapping import encoded, fitting, merged, milliseconds
from diracx_bridge.db.sql.bridge.db import Backlog, OutboxRow
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.background import beside
from diracx_bridge.services.jobs.stores import JobStores

PATIENCE_SECONDS: Final = 2.0
"""How long a request waits for its parameters to be written; they are safe already."""
WRITE_SECONDS: Final = 15.0
LOOK_SECONDS: Final = 60.0
"""How often a process looks for what another one left behind."""
LONGEST_PAUSE_SECONDS: Final = 30.0
BATCH: Final = 500
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Batch:
    jobs: set[int] = field(default_factory=set)
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Delivery:
    """Takes job parameters from BridgeDB's outbox to their store."""

    def __init__(self, stores: JobStores, store: JobParametersDB) -> None:
        self._stores = stores
        self._store = store
        self._batch = _Batch()
        self._wake = asyncio.Event()
        self._failures = 0
        self._late = False
        self.backlog = Backlog(0, 0, None)
        """What was in the outbox at the last look."""

    async def put(self, tx: Transaction, vos: Mapping[int, str], values: Mapping[int, Mapping[str, Any]]) -> None:
        """Note parameters of jobs, whose rows are locked; ``vos`` says to which VO each job belongs.

        Raises:
            InvalidInput: a value does not fit the type of its parameter; the message names job and parameter.
        """
        documents, problems, now = {}, [], milliseconds()
        async for job in in_turns(sorted(values)):
            if values[job]:
                try:
                    documents[job] = encoded(fitting(job, values[job], now))
                except ValueError as error:
                    problems.append(f"Job {job}: {error}")
        if problems:
            raise InvalidInput("; ".join(problems[:20]))
        if documents:
            await self._stores.bridge.put_parameters(tx, documents, vos, datetime.now(UTC))

    async def flush(self, job_ids: Iterable[int]) -> None:
        """Return when what is noted of these jobs is written, or will be later because the store is away."""
        jobs = set(job_ids)
        if not jobs or self._failures or self._late:
            return
        batch = self._batch
        batch.jobs |= jobs
        self._wake.set()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await batch.done.wait()
        except TimeoutError:
            self._late = True  # the others need not wait to find out

    def at_work(self) -> AbstractAsyncContextManager[None]:
        """Within this block, what is noted is written."""
        return beside(self._run(), "delivery of job parameters")

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        next_look = clock()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_look):
                    await self._wake.wait()
            self._wake.clear()
            batch, self._batch = self._batch, _Batch()
            try:
                if batch.jobs and not self._failures:
                    await self.deliver(batch.jobs)
                if clock() >= next_look:
                    await self.drain()
                    next_look = clock() + LOOK_SECONDS
                    self._failures = 0
            except Exception as error:
                self._failures += 1
                pause = min(2.0 ** (self._failures - 1), LONGEST_PAUSE_SECONDS)
                next_look = clock() + pause * random.uniform(0.75, 1.25)  # noqa: S311 - spreads processes
                why = {"reason": str(error)} if isinstance(error, Unavailable) else {"exc_info": error}
                log.warning("job parameters wait", again_in_seconds=round(pause), **why)
            finally:
                self._late = False
                batch.done.set()

    async def drain(self) -> None:
        """Write all that waits, whoever noted it.

        Raises:
            Unavailable: the store, or the database, does not answer.
        """
        server, bridge = self._stores.server, self._stores.bridge
        while True:
            self.backlog = await server.read(bridge.backlog)
            if not self.backlog.waiting:
                return
            await self._store.ping()  # so that no row is locked for the time that it takes to find out
            await self.deliver(await server.read(lambda tx: bridge.oldest_jobs(tx, most=BATCH)))

    async def deliver(self, job_ids: Iterable[int]) -> None:
        """Write what waits of these jobs; what the store refuses for good is kept, with the reason.

        Raises:
            Unavailable: the store, or the database, does not answer.
        """
        jobs = list(job_ids)

        async def work(tx: Transaction) -> dict[int, str]:
            rows = await self._stores.bridge.waiting_parameters(tx, jobs)
            if not rows:
                return {}
            problems = await self._write(rows)
            if problems:
                await self._stores.bridge.park_parameters(tx, problems)
            if len(problems) < len(rows):
                await self._stores.bridge.remove_parameters(tx, [row.id for row in rows if row.id not in problems])
            return {row.job_id: problems[row.id] for row in rows if row.id in problems}

        refused = await self._stores.server.write(work)
        for job, reason in refused.items():
            log.error("job parameters refused", job=job, reason=reason)
        if refused:
            self.backlog = self.backlog._replace(refused=self.backlog.refused + len(refused))

    async def _write(self, rows: Sequence[OutboxRow]) -> dict[int, str]:
        """Write rows, which are ordered by job and age; the answer says by row why one was refused."""
        by_job = [list(group) for _, group in groupby(rows, attrgetter("job_id"))]
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                refused = await self._write_each(by_job)
                several = [group for group in by_job if group[0].job_id in refused and len(group) > 1]
                problems = {group[0].id: refused[group[0].job_id] for group in by_job if group[0].job_id in refused}
                for group in several:  # each for itself, so that only the one at fault is kept back
                    del problems[group[0].id]
                    for row in group:
                        alone = await self._write_each([[row]])
                        if row.job_id in alone:
                            problems[row.id] = alone[row.job_id]
        except TimeoutError:
            raise Unavailable(f"The store of job parameters does not answer within {WRITE_SECONDS:g} s") from None
        return problems

    async def _write_each(self, by_job: Sequence[Sequence[OutboxRow]]) -> dict[int, str]:
        documents: dict[str, dict[int, dict[str, Any]]] = {}
        async for group in in_turns(by_job):
            document: dict[str, Any] = {}
            for row in group:
                document = merged(document, orjson.loads(row.document))
            documents.setdefault(group[0].vo, {})[group[0].job_id] = document
        return await self._store.write(documents)

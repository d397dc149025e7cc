"""Rehearsing a request: the real route does its work in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

import httpx
import orjson
from starlette.types import ASGIApp

from diracx_bridge.core.errors import InvalidInput, PermissionDenied, Unavailable
from diracx_bridge.core.models.rehearsal import JobsState, RehearsalResult, RehearsedRequest
from diracx_bridge.db.sql.bridge.db import OutboxRow
from diracx_bridge.db.sql.job.snapshot import Snapshot, snapshot
from diracx_bridge.db.sql.rehearsal import REHEARSAL, Rehearsal
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.policies import JobPolicy, Right
from diracx_bridge.services.runtime import Runtime

MOST_JOBS: Final = 100
WITH_PARAMETERS: Final = ("/api/jobs/heartbeat", "/api/jobs/metadata")
"""Routes that write job parameters."""


class _Looks:
    """What the transaction of a rehearsal shows; nothing to those who may not change the jobs."""

    def __init__(
        self, stores: JobStores, policy: JobPolicy, user: Principal, jobs: Iterable[int], *, parameters: bool
    ) -> None:
        self._stores, self._policy, self._user, self._with_parameters = stores, policy, user, parameters
        self._jobs = list(jobs)
        self._allowed = False
        self.vos: dict[int, str] = {}
        self.before: Snapshot = {}
        self.after: Snapshot = {}
        self.parameters: dict[int, dict[str, Any]] = {}
        self._waiting: set[int] = set()

    async def look_before(self, tx: Transaction) -> None:
        locked = await self._stores.jobs.lock(tx, self._jobs)
        try:
            self._policy.may_change(self._user, locked, set(self._jobs) - locked.keys(), force=False)
        except PermissionDenied:
            return
        self._allowed = True
        self.vos = {job: row.vo for job, row in locked.items()}
        self.before = await snapshot(tx, self._jobs, datetime.now(UTC))
        self._waiting = {row.id for row in await self._outbox(tx)}

    async def look_after(self, tx: Transaction) -> None:
        if not self._allowed:
            return
        self.after = await snapshot(tx, self._jobs, datetime.now(UTC))
        self.parameters = {}
        for row in await self._outbox(tx):
            if row.id not in self._waiting:
                self.parameters.setdefault(row.job_id, {}).update(orjson.loads(row.document))

    async def _outbox(self, tx: Transaction) -> list[OutboxRow]:
        return await self._stores.bridge.waiting_parameters(tx, self._jobs) if self._with_parameters else []


async def rehearse(
    app: ASGIApp, runtime: Runtime, user: Principal, authorization: str, request: RehearsedRequest
) -> RehearsalResult:
    """What ``request`` would answer and change, with the rights of ``user``; nothing is changed.

    Raises:
        InvalidInput: it is about too many jobs.
    """
    _check(request.body)
    parameters = request.path in WITH_PARAMETERS
    looks = _Looks(runtime.jobs, runtime.job_policy, user, request.body, parameters=parameters)
    token = REHEARSAL.set(Rehearsal(looks.look_before, looks.look_after))
    try:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://rehearsal") as inside:
            answer = await inside.request(
                request.method,
                request.path,
                params=httpx.QueryParams(request.query),
                json={str(job): update for job, update in request.body.items()},
                headers={"Authorization": authorization},
            )
    finally:
        REHEARSAL.reset(token)
    body = orjson.loads(answer.content) if answer.content else None
    return RehearsalResult(
        status=answer.status_code,
        body=body,
        before=looks.before,
        after=looks.after,
        parameters=looks.parameters,
        stored=await _stored(runtime, looks.vos) if parameters else None,
    )


async def jobs_state(runtime: Runtime, user: Principal, jobs: list[int], *, parameters: bool) -> JobsState:
    """The rows of jobs, and their parameters if they are asked for.

    Raises:
        InvalidInput: too many jobs.
        PermissionDenied: ``user`` may not change one of them.
    """
    _check(jobs)

    async def work(tx: Transaction) -> tuple[Snapshot, dict[int, str]]:
        found = await runtime.jobs.jobs.lock(tx, jobs)
        runtime.job_policy.may_change(user, found, set(jobs) - found.keys(), force=False)
        return await snapshot(tx, jobs, datetime.now(UTC)), {job: row.vo for job, row in found.items()}

    rows, vos = await runtime.jobs.server.write(work)
    return JobsState(rows=rows, parameters=await _stored(runtime, vos) if parameters else None)


async def hidden_jobs(
    runtime: Runtime, user: Principal, jobs: list[int], seen_by: Literal["id", "search"]
) -> list[int]:
    """Those of ``jobs`` that exist, but not for ``user`` who asks for them by id, or searches; in ascending order."""
    found = await runtime.jobs.server.read(lambda tx: runtime.jobs.jobs.owners(tx, jobs))
    right = Right.FIND if seen_by == "search" else Right.READ
    shown_to_all = runtime.global_jobs_info(user.vo)
    return sorted(runtime.job_policy.without(right, user, found, global_jobs_info=shown_to_all))


async def _stored(runtime: Runtime, vos: Mapping[int, str]) -> dict[int, dict[str, Any]] | None:
    found: dict[int, dict[str, Any]] = {}
    try:
        for vo in set(vos.values()):
            found.update(await runtime.job_parameters.read(vo, [job for job in vos if vos[job] == vo]))
    except Unavailable:
        return None
    return found


def _check(jobs: Iterable[int]) -> None:
    number = len(list(jobs))
    if not 0 < number <= MOST_JOBS:
        raise InvalidInput(f"A rehearsal is about 1 to {MOST_JOBS} jobs, not {number}")

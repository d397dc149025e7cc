"""Heartbeats: what running jobs say of themselves, and the commands that they take home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from diracx_bridge.core.errors import JobsNotFound
from diracx_bridge.core.job_status import RUNNING, STALLED, StatusChange, StatusPlan, plan_status
from diracx_bridge.core.models.jobs import HeartbeatData
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.job.db import LockedJob
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.delivery import Delivery
from diracx_bridge.services.jobs.status import write_plans
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.policies import JobPolicy

REVIVED: Final = frozenset({"Matched", STALLED})
"""States in which a heartbeat proves that the job runs."""
LOGGED: Final = {
    "LoadAverage": "load_average",
    "MemoryUsed": "memory_used",
    "Vsize": "vsize",
    "AvailableDiskSpace": "available_disk_space",
    "CPUConsumed": "cpu_consumed",
    "WallClockTime": "wall_clock_time",
}
"""Names that go to HeartBeatLoggingInfo; ``StandardOutput`` is a job parameter."""


async def add_heartbeats(
    stores: JobStores,
    delivery: Delivery,
    policy: JobPolicy,
    user: Principal,
    data: Mapping[int, HeartbeatData],
) -> list[dict[str, Any]]:
    """Record heartbeats of jobs; the answer is the commands that wait for them, each given out once.

    A job that was matched or stalled runs again, and its log says so; of the others the time of the heartbeat is noted.

    Raises:
        InvalidInput: an output is too long; then nothing is written.
        JobsNotFound: some of the jobs do not exist; then nothing is written.
        PermissionDenied: the caller may not speak for one of the jobs; then nothing is written.
    """
    now = datetime.now(UTC)
    output = {j: {"StandardOutput": d.standard_output} for j, d in data.items() if d.standard_output is not None}

    async def work(tx: Transaction) -> list[tuple[int, str, str]]:
        locked, commands = stores.jobs.lock(tx, data), stores.jobs.take_commands(tx, data)
        jobs = await locked
        missing = data.keys() - jobs.keys()
        policy.may_change(user, jobs, missing, force=False)
        if missing:
            raise JobsNotFound(missing)
        await write_plans(tx, stores, await _plans(tx, stores, jobs, now), now)
        await stores.jobs.add_heartbeats(tx, await _values(data), now)
        await delivery.put(tx, {job_id: job.vo for job_id, job in jobs.items()}, output)
        return await commands

    taken = await stores.server.write(work)
    await delivery.flush(output)
    return [{"job_id": job, "command": command, "arguments": arguments} for job, command, arguments in taken]


async def _plans(
    tx: Transaction, stores: JobStores, jobs: Mapping[int, LockedJob], now: datetime
) -> dict[int, StatusPlan]:
    plans = {job_id: StatusPlan(heart_beat_time=now) async for job_id in in_turns(jobs)}
    revived = {job_id: job for job_id, job in jobs.items() if job.status in REVIVED}
    newest = await stores.log.newest(tx, revived) if revived else {}
    change = {now: StatusChange(status=RUNNING, source="Heartbeat")}
    async for job_id, job in in_turns(revived.items()):
        plans[job_id] = plan_status(job.state(newest.get(job_id)), change, now=now)
    return plans


async def _values(data: Mapping[int, HeartbeatData]) -> list[tuple[int, str, str]]:
    return [
        (job, name, str(value))
        async for job in in_turns(sorted(data))
        for name, attribute in LOGGED.items()
        if (value := getattr(data[job], attribute)) is not None
    ]

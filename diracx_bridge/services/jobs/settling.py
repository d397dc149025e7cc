"""Looks again at jobs that we changed, in case a legacy service changed them at the same moment.

Our own changes wait for each other by the locks of the rows. A legacy service takes none: see `core.settling`. One
cheap statement tells of which jobs the log was continued by somebody else; only those are looked at closely, and
corrected under the lock of their rows.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import structlog

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.core.settling import corrections
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.background import beside
from diracx_bridge.services.jobs.stores import JobStores

DELAYS: Final = (1.0, 10.0)
"""Seconds after a change, when legacy services are done with what they began before it: most, and slow ones."""
MOST: Final = 1000
log = structlog.get_logger(__name__)

Noted = Mapping[int, tuple[float, str]]
"""By job: the time and source of our last log record."""


def settled(stores: JobStores) -> AbstractAsyncContextManager[None]:
    """Within this block, races with legacy services end as the newest time stamp says."""
    return beside(_run(stores), "settling")


async def _run(stores: JobStores) -> None:
    waiting = [deque[tuple[float, Noted]]() for _ in DELAYS]
    clock = asyncio.get_running_loop().time
    while True:
        await asyncio.sleep(DELAYS[0])
        noted = stores.log.take_recent()
        for delay, queue in zip(DELAYS, waiting, strict=True):
            if noted:
                queue.append((clock() + delay, noted))
            while queue and queue[0][0] <= clock():
                await _look(stores, queue.popleft()[1])


async def _look(stores: JobStores, noted: Noted) -> None:
    try:
        await settle(stores, noted)
    except Unavailable as error:
        log.warning("jobs are not looked at again", jobs=len(noted), reason=str(error))


async def settle(stores: JobStores, noted: Noted) -> dict[int, dict[str, str]]:
    """Correct those of the jobs that lost a race; the answer is what was corrected.

    Raises:
        Unavailable: the database does not answer.
    """
    done: dict[int, dict[str, str]] = {}
    remaining = iter(noted.items())
    while chunk := dict(islice(remaining, MOST)):
        done |= await _settle(stores, chunk)
    for job, members in done.items():
        log.info("status settled after a race with a legacy service", job=job, **members)
    return done


async def _settle(stores: JobStores, noted: Noted) -> dict[int, dict[str, str]]:
    continued = await stores.server.read(lambda tx: stores.log.is_continued(tx, noted))
    if not continued:
        return {}
    return await stores.server.write(lambda tx: _correct(tx, stores, {job: noted[job] for job in continued}))


async def _correct(tx: Transaction, stores: JobStores, noted: Noted) -> dict[int, dict[str, str]]:
    jobs = await stores.jobs.lock(tx, noted)
    written = await stores.log.written(tx, jobs)
    found = {}
    for job_id, job in jobs.items():
        row = {"Status": job.status, "MinorStatus": job.minor_status, "ApplicationStatus": job.application_status}
        if members := corrections(row, written.get(job_id, []), noted[job_id]):
            found[job_id] = members
    changes: dict[int, dict[str, Any]] = {j: {**m, "LastUpdateTime": datetime.now(UTC)} for j, m in found.items()}
    await stores.jobs.apply(tx, changes)
    return found

"""The real legacy handlers and our routes write the same rows at the same time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from diracx_bridge.db.sql.job.schema import jobs as jobs_table
from diracx_bridge.db.sql.transaction import Transaction
from tests.installation import Installation, running
from tests.jobs import Jobs
from tests.servers.legacy import Legacy

SCRIPT = Path(__file__).parent / "scripts" / "write_statuses.py"
START = datetime(2030, 1, 1, tzinfo=UTC)
PILOT = {"user": "pilot", "group": "gridlab_pilot"}
EACH = 60
DEADLOCK = "1213"


@pytest.fixture
async def installation(mariadb_urls: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    async with running(tmp_path, mariadb_urls) as started:
        yield started


@pytest.fixture
async def jobs(installation: Installation) -> Jobs:
    await installation.headers(**PILOT)
    return Jobs(installation.runtime.jobs.server)


async def made(legacy: Legacy, jobs: Jobs, count: int) -> list[int]:
    """Jobs that legacy DIRAC made, in the VO of our pilot."""
    ids = [legacy.new_job(owner="alice", group="dirac_user", status="Running") for _ in range(count)]
    await jobs.server.write(lambda tx: tx.raw(update(jobs_table).values(VO="gridlab")))
    return ids


async def application_statuses(jobs: Jobs) -> dict[int, str]:
    async def work(tx: Transaction) -> dict[int, str]:
        rows = await tx.raw(select(jobs_table.c.JobID, jobs_table.c.ApplicationStatus))
        return {row[0]: row[1] for row in rows}

    return await jobs.server.read(work)


async def change(installation: Installation, second: int, *ids: int) -> None:
    time = (START + timedelta(seconds=second)).isoformat()
    body = {job: {time: {"ApplicationStatus": f"step {second}", "Source": "ours"}} for job in ids}
    answer = await installation.call("PATCH", "/api/jobs/status", body, **PILOT)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["success"]) == len(ids)


async def test_no_record_is_lost_and_no_number_used_twice_when_both_kinds_write(
    installation: Installation, legacy: Legacy, jobs: Jobs
) -> None:
    ids = await made(legacy, jobs, 4)
    seconds = list(range(2, 2 + 3 * 4 * EACH, 3))
    random.Random(1).shuffle(seconds)
    ended = asyncio.Event()

    async def ours(mine: list[int]) -> None:
        """Spread over the time that the legacy writers take."""
        while mine and not ended.is_set():
            await change(installation, mine.pop(), *random.sample(ids, len(ids)))
            await asyncio.sleep(0.02)
        for second in mine:
            await change(installation, second, *ids)

    async def theirs(first: int) -> Any:
        failed = await asyncio.to_thread(legacy.run, SCRIPT, first, 3, EACH, *ids)
        ended.set()
        return failed

    first_failed, second_failed, *_ = await asyncio.gather(
        theirs(0), theirs(1), ours(seconds[::2]), ours(seconds[1::2])
    )
    # legacy writers alone meet deadlocks, too: their handlers do not repeat
    assert all(DEADLOCK in message for *_, message in first_failed + second_failed)
    for job in ids:
        log = await jobs.log(job)
        assert [record["SeqNum"] for record in log] == list(range(1, len(log) + 1))
        told = [record["ApplicationStatus"] for record in log if record["StatusSource"] == "ours"]
        assert sorted(told) == sorted(f"step {second}" for second in seconds)
        failed = sum(1 for j, *_ in first_failed + second_failed if j == job)
        assert len(log) >= 1 + len(seconds) + 2 * EACH - failed


async def test_the_newest_time_decides_when_both_kinds_change_a_job_at_the_same_moment(
    installation: Installation, legacy: Legacy, jobs: Jobs
) -> None:
    ids = await made(legacy, jobs, 120)
    chance = random.Random(7)

    async def ours(job: int, second: int) -> None:
        await asyncio.sleep(chance.random() * 0.006)
        await change(installation, second, job)

    async def theirs(job: int, second: int) -> None:
        time = (START + timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S")
        values = {time: {"ApplicationStatus": f"step {second}", "Source": "legacy"}}
        assert (await asyncio.to_thread(legacy.call, "JobStateUpdate", "setJobStatusBulk", job, values))["OK"]

    for number, job in enumerate(ids):
        newer, older = (ours, theirs) if number % 2 else (theirs, ours)
        await asyncio.gather(newer(job, 2), older(job, 1))
    wrong: dict[int, Any] = {}
    for _ in range(60):
        wrong = {job: status for job, status in (await application_statuses(jobs)).items() if status != "step 2"}
        if not wrong:
            break
        await asyncio.sleep(0.1)
    assert wrong == {}, [await jobs.log(job) for job in wrong]
    assert {len(await jobs.log(job)) for job in ids} == {3}

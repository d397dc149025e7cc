"""Large requests leave nothing behind in memory."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from diracx_bridge.db.sql.job.schema import job_jdls
from diracx_bridge.db.sql.job.schema import jobs as jobs_table
from diracx_bridge.db.sql.transaction import Transaction
from tests.installation import Installation, running
from tests.jobs import Jobs

JOBS = 10_000
ALLOWED = JOBS
"""Blocks of memory that may be left: less than one for each job; the first requests fill caches."""


async def test_a_request_on_ten_thousand_jobs_gives_its_memory_back(
    sqlite_urls: Mapping[str, str], tmp_path: Path
) -> None:
    async with running(tmp_path, sqlite_urls) as installation:
        await many(Jobs(installation.runtime.jobs.server))
        ids = list(range(1, JOBS + 1))
        await all_kinds(installation, ids, 0)
        before = remaining()
        await all_kinds(installation, ids, 1)
        assert remaining() - before < ALLOWED


def remaining() -> int:
    gc.collect()
    return sys.getallocatedblocks()


async def many(jobs: Jobs) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    row = {"Owner": "alice", "OwnerGroup": "gridlab_user", "VO": "gridlab", "Status": "Running", "LastUpdateTime": now}

    async def work(tx: Transaction) -> None:
        empty = {"JDL": "", "JobRequirements": "", "OriginalJDL": ""}
        await tx.raw(insert(job_jdls), [{"JobID": job, **empty} for job in range(1, JOBS + 1)])  # type: ignore[arg-type]
        await tx.raw(insert(jobs_table), [{"JobID": job, **row} for job in range(1, JOBS + 1)])  # type: ignore[arg-type]

    await jobs.server.write(work)


async def all_kinds(installation: Installation, ids: list[int], number: int) -> None:
    """A status update, heartbeats, parameters and a page of all jobs."""
    time = f"2040-01-01T00:00:0{number}Z"
    requests: list[tuple[str, str, Any]] = [
        ("PATCH", "/api/jobs/status", {job: {time: {"ApplicationStatus": f"step {number}"}} for job in ids}),
        ("PATCH", "/api/jobs/heartbeat", {job: {"CPUConsumed": number} for job in ids}),
        ("PATCH", "/api/jobs/metadata", {job: {"HostName": f"node{number}"} for job in ids}),
        ("POST", "/api/jobs/search?per_page=10000", {}),
    ]
    for method, path, body in requests:
        answer = await installation.call(method, path, body)
        assert answer.is_success, answer.text[:300]

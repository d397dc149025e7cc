"""Databases with a few dozen jobs whose columns differ in every way that a filter can ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from diracx_bridge.db.os.opensearch import OpenSearchJobParameters
from diracx_bridge.db.os.sqlite import SQLiteJobParameters
from diracx_bridge.db.sql.job.schema import job_jdls, jobs
from diracx_bridge.db.sql.server import Databases, Server
from diracx_bridge.db.sql.transaction import Transaction
from tests.servers.opensearch import OpenSearch

STATUSES = ["Running", "Done", "Failed", "Waiting"]
SITES = ["LCG.CERN.cern", "LCG.PIC.es", "ANY", "DIRAC.x-1.org"]


def job_rows() -> list[dict[str, Any]]:
    """36 jobs with all columns, ids 101 to 136."""
    return [
        {
            "JobID": 101 + i,
            "JobType": ["user", "Merge"][i % 2],
            "JobGroup": f"{i % 5:08d}",
            "Site": SITES[i % 4],
            "JobName": ["a%b", "a_b", "a\\b", "Name", "name2", "axb"][i % 6],
            "Owner": ["alice", "Bob", "carol"][i % 3],
            "OwnerGroup": "dirac_user",
            "VO": ["vo1", "vo2"][i % 2],
            "SubmissionTime": datetime(2022 + i % 4, 1 + i % 12, 1 + i % 28, i % 24, i % 60, (7 * i) % 60),
            "RescheduleTime": None,
            "LastUpdateTime": datetime(2024, 2, 28 + i % 2, 23, 59 - i % 2, 59 - i % 3),
            "StartExecTime": datetime(2024, 12, 31, 23, 59, 59) if i % 3 else None,
            "HeartBeatTime": None,
            "EndExecTime": None,
            "Status": STATUSES[i % 4],
            "MinorStatus": "minor",
            "ApplicationStatus": None if i % 7 == 0 else f"step{i % 3}",
            "UserPriority": i % 6 - 2,
            "RescheduleCounter": i % 3,
            "VerifiedFlag": ["True", "False"][i % 2],
            "AccountedFlag": ["True", "False", "Failed"][i % 3],
        }
        for i in range(36)
    ]


@pytest.fixture
async def opensearch_store(opensearch: OpenSearch, opensearch_prefix: str) -> AsyncIterator[OpenSearchJobParameters]:
    """Job parameters in OpenSearch."""
    store = OpenSearchJobParameters({"hosts": opensearch.url}, prefix=opensearch_prefix)
    await store.create_template()
    yield store
    await store.close()


@pytest.fixture
async def sqlite_store(tmp_path: Path) -> AsyncIterator[SQLiteJobParameters]:
    """Job parameters in SQLite."""
    store = SQLiteJobParameters(tmp_path / "folder" / "parameters.db")
    yield store
    await store.close()


@pytest.fixture
async def databases(database_urls: Mapping[str, str]) -> AsyncIterator[Databases]:
    """All databases without rows."""
    found = Databases(database_urls)
    yield found
    await found.close()


@pytest.fixture
async def job_server(databases: Databases) -> Server:
    """The server of a JobDB that holds ``job_rows()``."""
    rows = job_rows()
    empty = {"JDL": "", "JobRequirements": "", "OriginalJDL": ""}

    async def fill(tx: Transaction) -> None:
        await tx.raw(insert(job_jdls).values([{"JobID": row["JobID"], **empty} for row in rows]))
        await tx.raw(insert(jobs).values(rows))

    server = databases.server_of("JobDB")
    await server.write(fill)
    return server

"""A server that is killed while it submits leaves all jobs of the request or none; repeated, it makes them once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Timer

import httpx
import pytest
from sqlalchemy import func, select

from diracx_bridge.db.sql.job.schema import job_jdls, jobs
from diracx_bridge.db.sql.job_logging.schema import logging_info
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.db.sql.transaction import Transaction
from tests.installation import LEGACY_AUTHORIZATION, settings_for
from tests.live import LiveServer, serving

COUNT = 400
BODY = [f'Executable = "x"; Arguments = "%s"; Parameters = {COUNT};']


def counted(urls: Mapping[str, str]) -> list[int]:
    """How many rows JobJDLs, filled JobJDLs, Jobs and LoggingInfo have."""

    async def count() -> list[int]:
        databases = Databases(urls)
        statements = [
            select(func.count()).select_from(job_jdls),
            select(func.count()).select_from(job_jdls).where(job_jdls.c.JDL != ""),
            select(func.count()).select_from(jobs),
            select(func.count()).select_from(logging_info),
        ]

        async def work(tx: Transaction) -> list[int]:
            return [int((await tx.raw(statement)).scalar_one()) for statement in statements]

        try:
            return await databases.server_of("JobDB").read(work)
        finally:
            await databases.close()

    return asyncio.run(count())


def submit(server: LiveServer, *, timeout: float = 60) -> httpx.Response:
    issued = httpx.get(
        f"{server.url}/api/auth/legacy-exchange",
        params={"preferred_username": "alice", "scope": "vo:gridlab group:gridlab_user"},
        headers={"Authorization": LEGACY_AUTHORIZATION},
    ).json()
    headers = {"Authorization": f"Bearer {issued['access_token']}", "x-ms-client-request-id": "the same"}
    return httpx.post(f"{server.url}/api/jobs/jdl", json=BODY, headers=headers, timeout=timeout)


@pytest.mark.parametrize("database_urls", ["sqlite", "mariadb"], indirect=True)
def test_a_killed_server_leaves_all_jobs_or_none_and_a_repeated_request_makes_them_once(
    database_urls: Mapping[str, str], tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, database_urls)
    for milliseconds in (60, 180):
        with serving(settings, tmp_path) as server:
            killing = Timer(milliseconds / 1000, server.process.kill)
            killing.start()
            with suppress(httpx.TransportError):
                submit(server)
            killing.join()
            server.process.wait(30)
        time.sleep(0.2)  # the database server notices that its client is gone
        assert set(counted(database_urls)) in ({0}, {COUNT}), milliseconds
    with serving(settings, tmp_path) as server:
        answers = [submit(server) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert set(counted(database_urls)) == {COUNT}

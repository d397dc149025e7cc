"""The number of SQL statements of a sandbox request is fixed, whatever the number of jobs and sandboxes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from diracx_bridge.db.sql.sandbox_metadata.db import Owner
from diracx_bridge.services.jobs.input_sandboxes import assign_input_sandboxes
from tests.installation import Installation, running
from tests.integration.services.sandbox_stores import Archive, upload
from tests.jobs import Jobs
from tests.statements import counted


async def cost(installation: Installation, method: str, path: str, body: Any = None, **more: Any) -> int:
    call = partial(installation.call, method, path, body, **more)
    answer, statements = await counted(installation.runtime.jobs.server, call)
    assert answer.is_success, answer.text
    return statements


@pytest.mark.usefixtures("mariadb")
async def test_requests_about_one_sandbox_cost_few_statements(mariadb_urls: Mapping[str, str], tmp_path: Path) -> None:
    async with running(tmp_path, mariadb_urls, bridge_sql_pool_size=1) as installation:
        (job,) = await Jobs(installation.runtime.jobs.server).add()
        await installation.headers()  # its token is issued now
        known = Archive.new()
        pfn = await upload(installation, known)
        # each with its START TRANSACTION and COMMIT
        assert await cost(installation, "POST", "/api/jobs/sandbox", Archive.new().info()) == 1
        assert await cost(installation, "POST", "/api/jobs/sandbox", known.info()) == 5
        assert await cost(installation, "GET", "/api/jobs/sandbox", params={"pfn": pfn}) == 1
        assert await cost(installation, "PATCH", f"/api/jobs/{job}/sandbox/output", pfn) == 6
        assert await cost(installation, "GET", f"/api/jobs/{job}/sandbox") == 1
        assert await cost(installation, "DELETE", f"/api/jobs/{job}/sandbox") == 6


@pytest.mark.usefixtures("mariadb")
async def test_a_thousand_jobs_cost_as_many_statements_as_one(mariadb_urls: Mapping[str, str], tmp_path: Path) -> None:
    async with running(tmp_path, mariadb_urls, bridge_sql_pool_size=1) as installation:
        stores = installation.runtime.jobs
        jobs = await Jobs(stores.server).add(1001, logged=False)
        pfns = [await upload(installation, Archive.new()) for _ in range(5)]
        alice = Owner("alice", "gridlab_user", "gridlab")
        found = []
        for ids in (jobs[:1], jobs[1:]):
            named = {job: [pfns[job % 5], pfns[0]] for job in ids}

            async def assign(named: dict[int, list[str]] = named) -> object:
                return await stores.server.write(lambda tx: assign_input_sandboxes(tx, stores, alice, named))

            refused, assigning = await counted(stores.server, assign)
            assert refused == {}
            unassigning = await cost(installation, "POST", "/api/jobs/sandbox/unassign", {"job_ids": ids})
            found.append((assigning, unassigning))
        assert found == [(5, 6), (5, 6)]

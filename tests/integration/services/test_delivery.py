"""Job parameters reach their store after the commit, whatever happens in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from diracx_bridge.db.setup import inspect
from diracx_bridge.db.sql.bridge.db import Backlog
from tests.installation import Installation, running, settings_for
from tests.jobs import Jobs
from tests.live import environment_of, serving
from tests.relay import Relay, relay_to
from tests.servers.opensearch import OpenSearch

METADATA = "/api/jobs/metadata"
two_databases = pytest.mark.parametrize("database_urls", ["sqlite", "mariadb"], indirect=True)


def store_at(port: int, prefix: str) -> dict[str, Any]:
    """Settings that keep job parameters in OpenSearch at this port."""
    return {
        "os_db_jobparametersdb": {"hosts": [f"http://127.0.0.1:{port}"], "timeout": 5},
        "factory_os_global_prefix": prefix,
        "bridge_job_parameters_file": None,
    }


@asynccontextmanager
async def on_opensearch(
    folder: Path, urls: Mapping[str, str], opensearch: OpenSearch, prefix: str
) -> AsyncIterator[tuple[Installation, Relay]]:
    async with relay_to(opensearch.port) as relay, running(folder, urls, **store_at(relay.port, prefix)) as started:
        yield started, relay


async def backlog(installation: Installation) -> Backlog:
    stores = installation.runtime.jobs
    found: Backlog = await stores.server.read(stores.bridge.backlog)
    return found


async def stored(installation: Installation, *jobs: int) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = await installation.runtime.job_parameters.read("gridlab", jobs)
    return found


async def nothing_waits(installation: Installation) -> None:
    for _ in range(200):
        if not (await backlog(installation)).waiting:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("parameters still wait")


async def set_parameters(installation: Installation, job: int, **values: Any) -> None:
    answer = await installation.call("PATCH", METADATA, {job: values})
    assert answer.status_code == 204, answer.text


async def test_parameters_are_there_when_the_answer_comes(installation: Installation, jobs: Jobs) -> None:
    one, two = await jobs.add(2, Status="Running")
    await set_parameters(installation, one, HostName="wn1")
    beat = {two: {"CPUConsumed": 1, "StandardOutput": "step 1"}}
    assert (await installation.call("PATCH", "/api/jobs/heartbeat", beat)).status_code == 200
    found = await stored(installation, one, two)
    assert (found[one]["HostName"], found[two]["StandardOutput"]) == ("wn1", "step 1")
    assert (await backlog(installation)).waiting == 0


async def test_many_at_once_are_written_in_the_order_of_their_commits(installation: Installation, jobs: Jobs) -> None:
    ids = await jobs.add(3)
    await installation.headers()
    await asyncio.gather(*(set_parameters(installation, ids[n % 3], Last=n, **{f"p{n}": n}) for n in range(30)))
    found = await stored(installation, *ids)
    for position, job in enumerate(ids):
        assert {n for n in range(30) if f"p{n}" in found[job]} == set(range(position, 30, 3))
    assert (await backlog(installation)).waiting == 0


@two_databases
async def test_two_workers_write_the_last_value_last(database_urls: Mapping[str, str], tmp_path: Path) -> None:
    async with running(tmp_path, database_urls) as one, running(tmp_path, database_urls) as two:
        (job,) = await Jobs(one.runtime.jobs.server).add()
        for worker in (one, two):
            await worker.headers()
        for n in range(15):
            await asyncio.gather(*(set_parameters(w, job, Last=f"{n}-{w is one}") for w in (one, two)))
            rows = (await stored(one, job))[job]
            assert rows["Last"] in (f"{n}-True", f"{n}-False")
            await set_parameters((one, two)[n % 2], job, Last="settled")
            assert (await stored(two, job))[job]["Last"] == "settled"


@two_databases
async def test_an_outage_of_opensearch_loses_nothing_and_blocks_nobody(
    database_urls: Mapping[str, str], tmp_path: Path, opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    async with on_opensearch(tmp_path, database_urls, opensearch, opensearch_prefix) as (installation, relay):
        jobs = Jobs(installation.runtime.jobs.server)
        (job,) = await jobs.add(Status="Running")
        relay.cut()
        change = {job: {"2040-01-01T00:00:00Z": {"Status": "Completing"}}}
        assert (await installation.call("PATCH", "/api/jobs/status", change)).status_code == 200
        beat = {job: {"CPUConsumed": 1, "StandardOutput": "step 1"}}
        assert (await installation.call("PATCH", "/api/jobs/heartbeat", beat)).status_code == 200
        for number in range(3):
            await set_parameters(installation, job, Site="LCG.X.org", Own=number)
        assert (await jobs.row(job))["Site"] == "LCG.X.org"
        assert (await backlog(installation)).waiting == 4
        assert (await installation.http.get("/api/health/ready")).status_code == 200
        relay.mend()
        await installation.runtime.delivery.drain()
        found = (await stored(installation, job))[job]
        assert (found["StandardOutput"], found["Own"]) == ("step 1", 2)
        assert (await backlog(installation)).waiting == 0


@pytest.mark.parametrize("database_urls", ["mariadb"], indirect=True)
async def test_what_waited_is_written_by_itself_when_opensearch_is_back(
    database_urls: Mapping[str, str], tmp_path: Path, opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    async with on_opensearch(tmp_path, database_urls, opensearch, opensearch_prefix) as (installation, relay):
        (job,) = await Jobs(installation.runtime.jobs.server).add()
        relay.cut()
        await set_parameters(installation, job, Own=1)
        assert "diracx_bridge_job_parameters_waiting" in (await installation.http.get("/metrics")).text
        relay.mend()
        await nothing_waits(installation)
        assert (await stored(installation, job))[job]["Own"] == 1
        await set_parameters(installation, job, Own=2)
        assert (await stored(installation, job))[job]["Own"] == 2


@two_databases
async def test_an_opensearch_that_hangs_costs_one_caller_two_seconds(
    database_urls: Mapping[str, str], tmp_path: Path, opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    async with on_opensearch(tmp_path, database_urls, opensearch, opensearch_prefix) as (installation, relay):
        jobs = Jobs(installation.runtime.jobs.server)
        first, second = await jobs.add(2, Status="Running")
        await installation.headers()
        relay.hang()
        begun = time.monotonic()
        await set_parameters(installation, first, Own=1)
        waited = time.monotonic()
        if installation.runtime.jobs.server.dialect != "sqlite":  # there, one writer at a time: the rest waits for it
            await set_parameters(installation, second, Own=1)
            assert time.monotonic() - waited < waited - begun
        relay.mend()
        assert (await backlog(installation)).waiting > 0


@pytest.mark.parametrize("database_urls", ["mariadb"], indirect=True)
async def test_a_document_that_opensearch_refuses_is_kept_and_told_and_holds_up_nobody(
    database_urls: Mapping[str, str], tmp_path: Path, opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    async with on_opensearch(tmp_path, database_urls, opensearch, opensearch_prefix) as (installation, relay):
        one, two = await Jobs(installation.runtime.jobs.server).add(2)
        await set_parameters(installation, one, Guessed=1)
        relay.cut()
        await set_parameters(installation, two, Before=True)
        await set_parameters(installation, two, Guessed="no number")
        await set_parameters(installation, two, After=True)
        relay.mend()
        await installation.runtime.delivery.drain()
        found = (await stored(installation, two))[two]
        assert (found["Before"], found["After"]) == (True, True)
        assert "Guessed" not in found
        assert await backlog(installation) == Backlog(0, 1, None)
        assert "diracx_bridge_job_parameters_refused 1.0" in (await installation.http.get("/metrics")).text
        findings, _ = await inspect(environment_of(installation.runtime.settings))
        (told,) = [str(f) for f in findings if f.subject == "JobParametersOutbox"]
        assert f"1 job parameters that their store refused (job {two}: " in told
        assert "Guessed" in told


@pytest.mark.parametrize("database_urls", ["mariadb"], indirect=True)
async def test_parameters_survive_a_kill_between_the_commit_and_their_store(
    database_urls: Mapping[str, str], tmp_path: Path, opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    without = settings_for(tmp_path, database_urls, **store_at(9, opensearch_prefix))
    async with on_opensearch(tmp_path, database_urls, opensearch, opensearch_prefix) as (installation, _):
        (job,) = await Jobs(installation.runtime.jobs.server).add()
        headers = await installation.headers()
        async with asyncio.timeout(60):
            await asyncio.to_thread(_set_and_kill, without, tmp_path, job, headers)
        assert (await backlog(installation)).waiting == 1
    async with on_opensearch(tmp_path, database_urls, opensearch, opensearch_prefix) as (installation, _):
        await nothing_waits(installation)
        assert (await stored(installation, job))[job]["HostName"] == "wn1"


def _set_and_kill(settings: Any, folder: Path, job: int, headers: dict[str, str]) -> None:
    import httpx

    with serving(settings, folder) as live:
        answer = httpx.patch(f"{live.url}{METADATA}", json={job: {"HostName": "wn1"}}, headers=headers)
        live.process.kill()
        assert answer.status_code == 204, answer.text

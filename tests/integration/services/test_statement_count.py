"""The number of SQL statements of a request does not grow with the number of its jobs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from diracx_bridge.db.sql import transaction
from diracx_bridge.db.sql.drivers import run_calls
from diracx_bridge.db.sql.job import schema
from diracx_bridge.services.auth import revoked_access
from diracx_bridge.services.jobs import settling
from tests.installation import Installation, running
from tests.integration.services.fake_provider import FakeProvider
from tests.integration.services.logins import code_for, log_in, redeem, refresh
from tests.jobs import Jobs

SIZES = (1, 100, 1000)
Body = Callable[[list[int]], Mapping[int, Any]]


@pytest.fixture
async def on_mariadb(
    mariadb_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Installation]:
    # nothing but the requests sends statements
    monkeypatch.setattr(settling, "DELAYS", (3600.0, 3600.0))
    monkeypatch.setattr(revoked_access, "EVERY_SECONDS", 3600.0)
    async with running(tmp_path, mariadb_urls, bridge_sql_pool_size=1) as started:
        await started.runtime.delivery.flush([1])  # its look at the start is over
        yield started


async def questions(installation: Installation) -> int:
    """Statements that our connection sent so far; with one request at a time it is always the same connection."""
    from sqlalchemy import text

    server = installation.runtime.jobs.server
    row = (await server.read(lambda tx: tx.raw(text("SHOW SESSION STATUS LIKE 'Questions'")))).one()
    return int(row[1])


async def cost(installation: Installation, path: str, body: Any, user: str, group: str, method: str = "PATCH") -> int:
    await installation.headers(user, group)
    await questions(installation)
    before = await questions(installation)
    answer = await installation.call(method, path, body, user=user, group=group)
    assert answer.is_success, answer.text
    counting = await questions(installation)
    again = await questions(installation)
    return counting - before - (again - counting)


def status_of(status: str) -> Body:
    return lambda ids: {i: {datetime.now(UTC).isoformat(): {"Status": status, "MinorStatus": "m"}} for i in ids}


CASES: dict[str, tuple[str, str, Body, int]] = {
    # the most statements that one request may cost, with its START TRANSACTION and COMMIT
    "status": ("/api/jobs/status", "Waiting", status_of("Matched"), 6),
    "kill": ("/api/jobs/status", "Waiting", status_of("Killed"), 18),
    "heartbeat": ("/api/jobs/heartbeat", "Running", lambda ids: {i: {"CPUConsumed": 1, "Vsize": 2} for i in ids}, 6),
    "revival": ("/api/jobs/heartbeat", "Stalled", lambda ids: {i: {"CPUConsumed": 1} for i in ids}, 8),
    # an INSERT into the outbox, and its delivery: START TRANSACTION, SELECT, DELETE, COMMIT
    "parameters": ("/api/jobs/metadata", "Running", lambda ids: {i: {"HostName": "wn1"} for i in ids}, 8),
    "site": ("/api/jobs/metadata", "Running", lambda ids: {i: {"Site": "LCG.X.org"} for i in ids}, 4),
}


@pytest.mark.usefixtures("mariadb")
@pytest.mark.parametrize("case", CASES)
async def test_one_hundred_and_a_thousand_jobs_cost_as_many_statements_as_one(
    on_mariadb: Installation, case: str
) -> None:
    path, status, body, most = CASES[case]
    jobs = Jobs(on_mariadb.runtime.jobs.server)
    ids = await jobs.add(sum(SIZES), Status=status)
    await jobs.queue(*ids)
    counts = []
    for size in SIZES:
        chosen, ids = ids[:size], ids[size:]
        counts.append(await cost(on_mariadb, path, body(chosen), "pilot", "gridlab_pilot"))
    if case == "kill":
        # the last job that leaves a queue takes the queue with it; that happens in the last request only
        assert counts[0] == counts[1] <= counts[2]
    else:
        assert len(set(counts)) == 1, counts
    assert max(counts) <= most, counts


@pytest.mark.usefixtures("mariadb")
async def test_many_submitted_jobs_cost_as_many_statements_as_two(on_mariadb: Installation) -> None:
    await on_mariadb.headers()
    jdl = 'Executable = "x"; JobName = "%s"; InputData = {"LFN:/gridlab/x"}; Parameters = '
    counts = [
        await cost(on_mariadb, "/api/jobs/jdl", [f"{jdl}{size};"], "alice", "gridlab_user", "POST")
        for size in (1, 2, 100, 1000)
    ]
    # the id of a single job needs no statement of its own
    assert counts[0] + 1 == counts[1] == counts[2] == counts[3]
    assert counts[3] <= 8


POSTED: dict[str, tuple[str, int]] = {
    # two columns of Jobs of a state, and the most statements of one request, with those that begin and commit
    "kill": ("Waiting", 9),
    "delete": ("Waiting", 9),
    "remove": ("Done", 13),
    "confirm": ("Submitting", 5),
    "reschedule": ("Failed", 14),
    "log": ("Done", 2),
    "input-data": ("Done", 2),
    "attributes": ("Done", 1),
}


@pytest.mark.parametrize("what", POSTED)
async def test_ends_and_reads_of_a_thousand_jobs_cost_as_many_statements_as_those_of_one(
    on_mariadb: Installation, what: str
) -> None:
    status, most = POSTED[what]
    jobs = Jobs(on_mariadb.runtime.jobs.server)
    await on_mariadb.headers()
    answer = await on_mariadb.call("POST", "/api/jobs/jdl", ['Executable = "x"; Parameters = 602;'])
    ids = [job["JobID"] for job in answer.json()]
    await jobs.server.write(lambda tx: tx.raw(update(schema.jobs).values(Status=status)))
    if status == "Waiting":
        await jobs.queue(*ids)
    counts = []
    for size in (1, 100, 500):
        chosen, ids = ids[:size], ids[size:]
        counts.append(await cost(on_mariadb, f"/api/jobs/{what}", {"job_ids": chosen}, "alice", "gridlab_user", "POST"))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= most, counts


@pytest.mark.usefixtures("mariadb")
async def test_tokens_cost_a_fixed_number_of_statements(on_mariadb: Installation, provider: FakeProvider) -> None:
    """INSERT; SELECT; and twice START TRANSACTION, SELECT FOR UPDATE, UPDATE, INSERT, COMMIT."""

    async def exchange() -> httpx.Response:
        return await on_mariadb.exchange("alice", "gridlab_user")

    of_dirac = (await exchange()).json()["refresh_token"]
    of_login = (await log_in(on_mariadb, provider))["refresh_token"]
    code = await code_for(on_mariadb, provider)
    for request, most in (
        (exchange, 1),
        (lambda: refresh(on_mariadb, of_dirac), 1),
        (lambda: refresh(on_mariadb, of_login), 5),
        (lambda: redeem(on_mariadb, code), 5),
    ):
        await questions(on_mariadb)
        before = await questions(on_mariadb)
        assert (await request()).status_code == 200
        counting = await questions(on_mariadb)
        again = await questions(on_mariadb)
        assert counting - before - (again - counting) <= most


EXCHANGES: dict[str, tuple[str, Any, int]] = {
    # the most exchanges with the database, each of which may carry several statements
    "status": ("/api/jobs/status", status_of("Matched"), 2),
    "heartbeat": ("/api/jobs/heartbeat", lambda ids: {i: {"CPUConsumed": 1} for i in ids}, 2),
    "site": ("/api/jobs/metadata", lambda ids: {i: {"Site": "LCG.X.org"} for i in ids}, 2),
}


@pytest.mark.parametrize("case", EXCHANGES)
async def test_what_running_jobs_send_costs_two_exchanges_with_the_database(
    installation: Installation, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body, most = EXCHANGES[case]
    ids = await Jobs(installation.runtime.jobs.server).add(3, Status="Waiting" if case == "status" else "Running")
    await installation.headers("pilot", "gridlab_pilot")
    exchanges, request = [], asyncio.current_task()

    async def counted(driver: Any, dialect: str, calls: Any) -> Any:
        if asyncio.current_task() is request:  # others look for revoked tokens from time to time
            exchanges.append([text for text, _ in calls])
        return await run_calls(driver, dialect, calls)

    monkeypatch.setattr(transaction, "run_calls", counted)
    answer = await installation.call("PATCH", path, body(ids), user="pilot", group="gridlab_pilot")
    assert answer.is_success, answer.text
    assert 0 < len(exchanges) <= most, exchanges

"""A part that is down degrades its routes only, and leaves nothing half done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from tests.installation import running
from tests.jobs import Jobs
from tests.relay import relay_to
from tests.servers.sql_server import SqlServer


@pytest.mark.parametrize("database_urls", ["mariadb"], indirect=True)
async def test_a_connection_that_the_server_cut_is_replaced_and_nobody_notices(
    database_urls: Mapping[str, str], mariadb: SqlServer, tmp_path: Path
) -> None:
    async with running(tmp_path, database_urls) as installation:
        server = installation.runtime.jobs.server
        jobs = Jobs(server)
        (job,) = await jobs.add(Status="Running")
        for number in range(3):
            idle = (await server.read(lambda tx: tx.raw(text("SELECT CONNECTION_ID()")))).scalar_one()
            mariadb.execute(f"KILL {idle}")
            change = {job: {f"2040-01-01T00:00:0{number}Z": {"MinorStatus": f"m{number}"}}}
            answer = await installation.call("PATCH", "/api/jobs/status", change)
            assert answer.status_code == 200, answer.text
        assert [record["MinorStatus"] for record in await jobs.log(job)][1:] == ["m0", "m1", "m2"]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_a_parameter_that_does_not_fit_undoes_the_whole_request(
    database_urls: Mapping[str, str], tmp_path: Path
) -> None:
    async with running(tmp_path, database_urls) as installation:
        jobs = Jobs(installation.runtime.jobs.server)
        good, bad = await jobs.add(2)
        body = {good: {"Site": "LCG.X.org"}, bad: {"PayloadPID": 2**70}}
        refused = await installation.call("PATCH", "/api/jobs/metadata", body)
        assert refused.status_code in (400, 422)
        assert "PayloadPID" in refused.text
        assert (await jobs.row(good))["Site"] == "ANY"


@pytest.mark.parametrize("database_urls", ["mariadb", "mysql"], indirect=True)
async def test_while_the_database_restarts_requests_are_told_to_come_again_and_then_go_on(
    database_urls: Mapping[str, str], tmp_path: Path
) -> None:
    port = make_url(database_urls["JobDB"]).port
    assert port is not None
    async with relay_to(port) as relay:
        urls = {name: url.replace(f":{port}/", f":{relay.port}/") for name, url in database_urls.items()}
        async with running(tmp_path, urls) as installation:
            jobs = Jobs(installation.runtime.jobs.server)
            (job,) = await jobs.add(Status="Running")
            change = {job: {"2040-01-01T00:00:00Z": {"MinorStatus": "before"}}}
            assert (await installation.call("PATCH", "/api/jobs/status", change)).status_code == 200
            relay.cut()
            change = {job: {"2040-01-01T00:00:01Z": {"MinorStatus": "meanwhile"}}}
            for method, path, body in (
                ("PATCH", "/api/jobs/status", change),
                ("POST", "/api/jobs/search", {}),
                ("PATCH", "/api/jobs/heartbeat", {job: {"CPUConsumed": 1, "StandardOutput": "x"}}),
                ("POST", "/api/jobs/kill", {"job_ids": [job]}),
            ):
                answer = await installation.call(method, path, body)
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10"), answer.text
            relay.mend()
            assert (await installation.call("PATCH", "/api/jobs/status", change)).status_code == 200
            assert [record["MinorStatus"] for record in await jobs.log(job)][1:] == ["before", "meanwhile"]

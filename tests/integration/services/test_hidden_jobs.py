"""/api/bridge/rehearsals/hidden: which jobs the caller may not see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.installation import Installation, running
from tests.jobs import Jobs
from tests.statements import counted

URL = "/api/bridge/rehearsals/hidden"
NO_JOB = 4_000_000_000


async def hidden(installation: Installation, jobs: list[int], seen_by: str = "id", **who: str) -> list[int]:
    answer = await installation.call("POST", URL, {"jobs": jobs, "seen_by": seen_by}, **who)
    assert answer.status_code == 200, answer.text
    found: list[int] = answer.json()
    return found


@pytest.mark.parametrize("seen_by", ["id", "search"])
async def test_jobs_of_other_vos_and_those_that_the_vo_does_not_show_are_hidden(
    installation: Installation, jobs: Jobs, seen_by: str
) -> None:
    (bobs,) = await jobs.add(Owner="bob")
    (daves,) = await jobs.add(Owner="dave", OwnerGroup="biolab_user", VO="biolab")
    (carols,) = await jobs.add(Owner="carol", OwnerGroup="biolab_user", VO="biolab")
    asked = [carols, daves, bobs, NO_JOB, 0, -1, 2**70, daves]
    assert await hidden(installation, asked, seen_by) == [daves, carols]
    assert await hidden(installation, asked, seen_by, user="pilot", group="gridlab_pilot") == [daves, carols]
    # biolab has GlobalJobsInfo off
    assert await hidden(installation, asked, seen_by, user="carol", group="biolab_user") == [bobs, daves]
    assert await hidden(installation, asked, seen_by, user="carol", group="biolab_admin") == [bobs]
    assert await hidden(installation, [], seen_by) == []


async def test_it_takes_a_token_and_a_way_of_seeing(installation: Installation) -> None:
    assert (await installation.http.post(URL, json={"jobs": [1], "seen_by": "id"})).status_code == 401
    for body in ({"jobs": [1]}, {"jobs": [1], "seen_by": "force"}, {"jobs": ["x"], "seen_by": "id"}):
        assert (await installation.call("POST", URL, body)).status_code == 422


@pytest.mark.usefixtures("mariadb")
async def test_it_costs_one_statement_and_no_transaction(mariadb_urls: Mapping[str, str], tmp_path: Path) -> None:
    async with running(tmp_path, mariadb_urls, bridge_sql_pool_size=1) as installation:
        found = await Jobs(installation.runtime.jobs.server).add(500)
        await installation.headers()
        ask = partial(installation.call, "POST", URL, {"jobs": found, "seen_by": "id"})
        answer, statements = await counted(installation.runtime.jobs.server, ask)
        assert (answer.json(), statements) == ([], 1)

"""Job parameters are read and searched, in both stores, as far as the caller may see the jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.installation import Installation, running
from tests.jobs import Jobs
from tests.servers.opensearch import OpenSearch

ADMIN = {"user": "admin", "group": "gridlab_admin"}
CAROL = {"user": "carol", "group": "biolab_user"}
SEARCH = "/api/jobs/parameters/search"


class Parameters:
    """Jobs with parameters: two of alice, one of bob, one of carol (another VO, where others' jobs are hidden)."""

    def __init__(self, installation: Installation, opensearch: OpenSearch | None, prefix: str) -> None:
        self.installation = installation
        self._refresh = (lambda: opensearch.refresh(prefix)) if opensearch else lambda: None

    async def make(self) -> list[int]:
        jobs = Jobs(self.installation.runtime.jobs.server)
        one, two = await jobs.add(2)
        (bobs,) = await jobs.add(Owner="bob")
        (carols,) = await jobs.add(Owner="carol", VO="biolab", OwnerGroup="biolab_user")
        (daves,) = await jobs.add(Owner="dave", VO="biolab", OwnerGroup="biolab_user")
        made = [one, two, bobs, carols, daves]
        store = self.installation.runtime.job_parameters
        for vo, ids in (("gridlab", made[:3]), ("biolab", made[3:])):
            assert (
                await store.write({vo: {i: {"GridCE": f"ce{i % 2}", "PayloadPID": i, "Own": [i]} for i in ids}}) == {}
            )
        self._refresh()
        return made

    async def search(self, body: Any = None, query: str = "", **who: str) -> httpx.Response:
        return await self.installation.call("POST", SEARCH + query, body, **who)

    async def found(self, body: Any = None, **who: str) -> list[int]:
        answer = await self.search(body, **who)
        assert answer.is_success, answer.text
        return [row["JobID"] for row in answer.json()]


@pytest.fixture(params=["embedded", "opensearch"])
async def parameters(
    request: pytest.FixtureRequest, sqlite_urls: Mapping[str, str], tmp_path: Path
) -> AsyncIterator[Parameters]:
    if request.param == "embedded":
        async with running(tmp_path, sqlite_urls) as installation:
            yield Parameters(installation, None, "")
        return
    opensearch = request.getfixturevalue("opensearch")
    prefix = request.getfixturevalue("opensearch_prefix")
    store = {"hosts": [opensearch.url]}
    more = {"factory_os_global_prefix": prefix, "bridge_job_parameters_file": None}
    async with running(tmp_path, sqlite_urls, os_db_jobparametersdb=store, **more) as installation:
        await installation.runtime.job_parameters.create_template()
        yield Parameters(installation, opensearch, prefix)


async def test_the_parameters_of_a_job_are_read(parameters: Parameters) -> None:
    job, *_, carols, _ = await parameters.make()
    call = parameters.installation.call
    answer = await call("GET", f"/api/jobs/{job}/parameters")
    found = answer.json()
    assert isinstance(found.pop("timestamp"), int)
    assert found == {"JobID": job, "GridCE": f"ce{job % 2}", "PayloadPID": job, "Own": [job]}
    assert (await call("GET", f"/api/jobs/{carols}/parameters")).status_code == 403
    assert (await call("GET", "/api/jobs/999999999/parameters", **ADMIN)).status_code == 404


async def test_parameters_of_many_jobs_are_read_those_that_may_be_seen(parameters: Parameters) -> None:
    one, two, bobs, carols, daves = await parameters.make()
    call = parameters.installation.call
    body = {"job_ids": [two, one, bobs, carols, 999_999_999], "names": ["PayloadPID", "JobID", "missing"]}
    answer = await call("POST", "/api/jobs/parameters", body)
    assert answer.json() == {str(job): {"PayloadPID": job, "JobID": job} for job in (one, two, bobs)}
    mine = await call("POST", "/api/jobs/parameters", {"job_ids": [carols, daves, one]}, **CAROL)
    assert list(mine.json()) == [str(carols)]
    assert mine.json()[str(carols)]["JobID"] == carols


async def test_a_job_without_parameters_has_an_empty_mapping(parameters: Parameters) -> None:
    (job,) = await Jobs(parameters.installation.runtime.jobs.server).add()
    answer = await parameters.installation.call("POST", "/api/jobs/parameters", {"job_ids": [job]})
    assert answer.json() == {str(job): {}}


async def test_a_search_finds_what_the_caller_may_see(parameters: Parameters) -> None:
    one, two, bobs, carols, daves = await parameters.make()
    assert await parameters.found() == [one, two, bobs]
    assert await parameters.found(**ADMIN) == [one, two, bobs]
    assert await parameters.found(**CAROL) == [carols]
    assert await parameters.found(user="carol", group="biolab_admin") == [carols, daves]
    assert await parameters.found(user="pilot", group="gridlab_pilot") == [one, two, bobs]


async def test_conditions_sort_and_pages(parameters: Parameters) -> None:
    one, two, bobs, *_ = await parameters.make()
    less = {"search": [{"parameter": "PayloadPID", "operator": "lt", "value": bobs}]}
    assert await parameters.found(less) == [one, two]
    down = {"sort": [{"parameter": "PayloadPID", "direction": "desc"}], "parameters": ["Own"]}
    answer = await parameters.search(down, "?page=1&per_page=2")
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == "jobs 0-1/3"
    assert answer.json() == [{"JobID": bobs, "Own": [bobs]}, {"JobID": two, "Own": [two]}]
    beyond = await parameters.search(down, "?page=9&per_page=2")
    assert (beyond.status_code, beyond.headers["Content-Range"], beyond.json()) == (200, "jobs */3", [])


async def test_a_condition_that_does_not_fit_is_told(parameters: Parameters) -> None:
    await parameters.make()
    for parameter, operator, value in (("HostName", "eq", "x"), ("PayloadPID", "like", "1%"), ("GridCE", "regex", "(")):
        asked = {"search": [{"parameter": parameter, "operator": operator, "value": value}]}
        answer = await parameters.search(asked)
        assert answer.status_code == 400, answer.text
        assert parameter in answer.json()["detail"]

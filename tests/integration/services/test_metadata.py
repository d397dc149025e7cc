"""PATCH /api/jobs/metadata and PATCH /api/bridge/jobs/attributes."""

from __future__ import annotations

import pytest

from tests.installation import Installation
from tests.jobs import Jobs

URL = "/api/jobs/metadata"
ATTRIBUTES = "/api/bridge/jobs/attributes"


async def test_the_site_and_parameters_are_set(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    body = {job: {"Site": "LCG.Somewhere.org", "HostName": "node1", "TotalCPUTime(s)": "12.7", "Own": {"a": [1]}}}
    answer = await installation.call("PATCH", URL, body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await jobs.row(job))["Site"] == "LCG.Somewhere.org"
    found = (await installation.runtime.job_parameters.read("gridlab", [job]))[job]
    assert (found["HostName"], found["TotalCPUTime(s)"], found["Own"]) == ("node1", 12, {"a": [1]})


async def test_parameters_are_added_to_those_that_are_there(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    for body in ({"HostName": "node1"}, {"ModelName": "fast"}):
        await installation.call("PATCH", URL, {job: body})
    found = (await installation.runtime.job_parameters.read("gridlab", [job]))[job]
    assert (found["HostName"], found["ModelName"]) == ("node1", "fast")


async def test_other_attributes_are_refused_and_nothing_is_written(installation: Installation, jobs: Jobs) -> None:
    one, two = await jobs.add(2)
    answer = await installation.call("PATCH", URL, {one: {"Site": "LCG.X.org"}, two: {"Owner": "mallory"}})
    assert answer.status_code == 400
    assert f"Job {two}: Owner can't be set" in answer.json()["detail"]
    assert (await jobs.row(one))["Site"] == "ANY"


@pytest.mark.parametrize("body", [{"Site": "LCG.X.org"}, {"HostName": "node1"}])
async def test_an_unknown_job_is_a_404(installation: Installation, body: dict[str, str]) -> None:
    answer = await installation.call("PATCH", URL, {999999999: body}, user="admin", group="gridlab_admin")
    assert (answer.status_code, answer.json()) == (404, {"detail": "No such job: 999999999"})


async def test_numbers_that_json_cannot_hold_are_refused(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    headers = {**await installation.headers(), "Content-Type": "application/json"}
    for value in ("NaN", "[Infinity]", '{"deep": -Infinity}'):
        answer = await installation.http.patch(URL, content=f'{{"{job}": {{"Own": {value}}}}}', headers=headers)
        assert answer.status_code == 422, answer.text


async def test_attributes_tell_how_many_rows_changed_as_dirac_counts(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Waiting")
    before = await jobs.row(job)
    for attributes, rows in (
        ({"Site": "LCG.X.org"}, 1),
        ({"Site": "LCG.X.org"}, 0),
        ({"Status": "Matched"}, 2),
        ({"Status": "Matched"}, 0),
        ({"Status": "Done"}, 0),
        ({"MinorStatus": "m", "StartExecTime": "2026-01-31 12:00:00"}, 2),
    ):
        answer = await installation.call("PATCH", ATTRIBUTES, {job: attributes})
        assert answer.json() == {str(job): rows}, attributes
    after = await jobs.row(job)
    assert (after["Status"], after["MinorStatus"], after["Site"]) == ("Matched", "m", "LCG.X.org")
    assert after["LastUpdateTime"] == before["LastUpdateTime"]
    assert len(await jobs.log(job)) == 1


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"Owner": "mallory"}, "'Owner' can't be set"),
        ({"Status": "Finished"}, "'Finished' is not a valid state"),
        ({"EndExecTime": "yesterday"}, "'yesterday' is not a time"),
        ({"Site": "x" * 101}, "Site is longer than 100"),
    ],
)
async def test_attributes_that_do_not_fit_are_refused(
    installation: Installation, jobs: Jobs, attributes: dict[str, str], told: str
) -> None:
    (job,) = await jobs.add()
    answer = await installation.call("PATCH", ATTRIBUTES, {job: attributes})
    assert answer.status_code == 400
    assert told in answer.json()["detail"]

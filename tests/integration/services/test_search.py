"""POST /api/jobs/search and /summary as HTTP; what the filters mean is tested with the databases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.installation import Installation
from tests.jobs import Jobs

URL = "/api/jobs/search"


async def test_everything_on_one_page_is_a_200_without_range(installation: Installation, jobs: Jobs) -> None:
    ids = await jobs.add(3)
    answer = await installation.call("POST", URL)
    assert (answer.status_code, [j["JobID"] for j in answer.json()]) == (200, ids)
    assert "Content-Range" not in answer.headers
    job = answer.json()[0]
    assert job["SubmissionTime"].endswith("Z")
    assert (job["VerifiedFlag"], job["EndExecTime"], job["Owner"]) == (False, None, "alice")


async def test_pages_tell_their_range_and_do_not_overlap(installation: Installation, jobs: Jobs) -> None:
    ids = await jobs.add(5)
    seen: list[int] = []
    for page, told in ((1, "jobs 0-1/5"), (2, "jobs 2-3/5"), (3, "jobs 4-4/5")):
        answer = await installation.call("POST", URL, {}, params={"page": page, "per_page": 2})
        assert (answer.status_code, answer.headers["Content-Range"]) == (206, told)
        seen += [j["JobID"] for j in answer.json()]
    assert seen == ids


async def test_a_page_beyond_the_end_is_empty_and_tells_the_total(installation: Installation, jobs: Jobs) -> None:
    await jobs.add(2)
    answer = await installation.call("POST", URL, {}, params={"page": 9})
    assert (answer.status_code, answer.json(), answer.headers["Content-Range"]) == (200, [], "jobs */2")


async def test_columns_sort_and_filter_are_honoured(installation: Installation, jobs: Jobs) -> None:
    first, second = await jobs.add(2, Site="LCG.X.org")
    await jobs.add(1)
    body = {
        "parameters": ["JobID", "Site"],
        "search": [{"parameter": "Site", "operator": "eq", "value": "LCG.X.org"}],
        "sort": [{"parameter": "JobID", "direction": "desc"}],
    }
    answer = await installation.call("POST", URL, body)
    assert answer.json() == [{"JobID": second, "Site": "LCG.X.org"}, {"JobID": first, "Site": "LCG.X.org"}]


async def test_the_history_of_jobs_resolves_idem(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    await installation.call("PATCH", "/api/jobs/status", {job: {"2040-01-31T12:00:00Z": {"MinorStatus": "m"}}})
    body = {"parameters": ["LoggingInfo"], "search": [{"parameter": "JobID", "operator": "eq", "value": job}]}
    (found,) = (await installation.call("POST", URL, body)).json()
    assert [(r["Status"], r["MinorStatus"], r["Source"]) for r in found["LoggingInfo"]] == [
        ("Received", "Job accepted", "JobManager"),
        ("Received", "m", "Unknown"),
    ]
    assert found["LoggingInfo"][1]["StatusTime"] == "2040-01-31T12:00:00Z"
    assert found["Owner"] == "alice"


@pytest.mark.parametrize(
    ("user", "group", "sees"),
    [
        ("alice", "gridlab_user", {"alice", "bob"}),
        ("admin", "gridlab_admin", {"alice", "bob"}),
        ("carol", "biolab_user", {"carol"}),
        ("carol", "biolab_admin", {"carol", "dave"}),
    ],
)
async def test_jobs_of_another_vo_are_not_seen_and_those_of_others_only_if_the_vo_wants_it(
    installation: Installation, jobs: Jobs, user: str, group: str, sees: set[str]
) -> None:
    await jobs.add(1, Owner="alice")
    await jobs.add(1, Owner="bob")
    await jobs.add(1, Owner="carol", VO="biolab", OwnerGroup="biolab_user")
    await jobs.add(1, Owner="dave", VO="biolab", OwnerGroup="biolab_user")
    found = await installation.call("POST", URL, {}, user=user, group=group)
    assert {j["Owner"] for j in found.json()} == sees
    counted = await installation.call("POST", "/api/jobs/summary", {"grouping": ["Owner"]}, user=user, group=group)
    assert counted.json() == [{"Owner": owner, "count": 1} for owner in sorted(sees)]


@pytest.mark.parametrize("spec", [{"operator": "eq", "value": "stamp2"}, {"operator": "in", "values": ["stamp2"]}])
async def test_the_jobs_of_a_pilot_are_found_by_its_stamp(
    installation: Installation, jobs: Jobs, spec: dict[str, Any]
) -> None:
    _, second = await jobs.add(2)
    await jobs.map_to_pilot(second, "stamp2")
    search = [{"parameter": "PilotStamp", **spec}]
    found = await installation.call("POST", URL, {"search": search})
    assert [job["JobID"] for job in found.json()] == [second]
    both = [*search, {"parameter": "JobID", "operator": "eq", "value": second}]
    assert (await installation.call("POST", URL, {"search": both})).status_code == 400


async def test_pilots_find_the_jobs_of_their_vo(installation: Installation, jobs: Jobs) -> None:
    ids = await jobs.add(2)
    found = await installation.call("POST", URL, {}, user="pilot", group="gridlab_pilot")
    assert [job["JobID"] for job in found.json()] == ids


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"search": [{"parameter": "Colour", "operator": "eq", "value": "red"}]}, 400, "Unknown column Colour"),
        ({"parameters": ["Colour"]}, 400, "Unrecognised parameters requested {'Colour'}"),
        ({"sort": [{"parameter": "Colour", "direction": "asc"}]}, 400, "Cannot sort by Colour: unknown column"),
        ({"search": [{"parameter": "LastUpdateTime", "operator": "eq", "value": "2026-02-31"}]}, 400, "2026-02-31"),
        ({"search": [{"parameter": "JobID", "operator": "equals", "value": 1}]}, 422, "equals"),
        ({"search": [{"parameter": "Owner", "operator": "regex", "value": "("}]}, 400, "regular expression"),
    ],
)
async def test_what_cannot_be_searched_is_refused_with_its_name(
    installation: Installation, jobs: Jobs, body: Any, status: int, told: str
) -> None:
    await jobs.add()
    answer = await installation.call("POST", URL, body)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text

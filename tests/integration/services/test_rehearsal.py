"""/api/bridge/rehearsals: what a request would do, without doing it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.installation import Installation
from tests.jobs import Jobs

URL = "/api/bridge/rehearsals"
TIME = "2030-01-01T12:00:00Z"


async def rehearse(installation: Installation, path: str, body: Any, query: str = "", **who: str) -> dict[str, Any]:
    request = {"path": path, "query": query, "body": body}
    answer = await installation.call("POST", URL, request, **who)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def state(installation: Installation, job: int) -> dict[str, Any]:
    answer = await installation.call("POST", f"{URL}/state", {"jobs": [job]})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


REQUESTS = [
    ("/api/jobs/status", {TIME: {"Status": "Checking", "MinorStatus": "m", "Source": "x"}}),
    ("/api/jobs/heartbeat", {"CPUConsumed": 1.5, "StandardOutput": "hello"}),
    ("/api/jobs/metadata", {"Site": "LCG.A.b", "HostName": "node1"}),
    ("/api/bridge/jobs/attributes", {"MinorStatus": "by attribute"}),
]


@pytest.mark.parametrize(("path", "update"), REQUESTS)
async def test_nothing_is_changed_and_the_prediction_comes_true_when_it_is_done(
    installation: Installation, jobs: Jobs, path: str, update: Any
) -> None:
    (job,) = await jobs.add(Status="Received")
    found = await state(installation, job)
    predicted = await rehearse(installation, path, {job: update})
    assert await state(installation, job) == found
    assert predicted["before"] == found["rows"]
    assert predicted["after"] != predicted["before"]
    done = await installation.call("PATCH", path, {job: update})
    assert (done.status_code, done.json() if done.content else None) == (predicted["status"], _now(predicted, done))
    after = await state(installation, job)
    for table, rows in predicted["after"][str(job)].items():
        assert [_untimed(row) for row in after["rows"][str(job)][table]] == [_untimed(row) for row in rows], table
    for name, value in predicted["parameters"].get(str(job), {}).items():
        if name != "timestamp":
            assert after["parameters"][str(job)][name] == value


def _untimed(row: dict[str, Any]) -> dict[str, Any]:
    """A row without times, which are those of the call: the rehearsal was a moment earlier."""
    return {name: value for name, value in row.items() if not (name.endswith("Time") and str(value)[:4] != "2030")}


def _now(predicted: dict[str, Any], done: Any) -> Any:
    """The predicted answer, with the time at which it was really done."""
    if isinstance(predicted["body"], dict) and "success" in predicted["body"]:
        for job, columns in predicted["body"]["success"].items():
            columns["LastUpdateTime"] = done.json()["success"][job]["LastUpdateTime"]
    return predicted["body"]


async def test_refusals_are_those_of_the_route_and_show_no_rows(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Received")
    refused = await rehearse(installation, "/api/jobs/status", {job: {TIME: {"Status": "Checking"}}}, user="bob")
    assert (refused["status"], refused["before"], refused["after"]) == (403, {}, {})
    assert (await installation.call("POST", f"{URL}/state", {"jobs": [job]}, user="bob")).status_code == 403
    unknown = await rehearse(installation, "/api/jobs/heartbeat", {99_999_999: {}}, user="admin", group="gridlab_admin")
    assert unknown["status"] == 404


async def test_force_needs_the_right_in_a_rehearsal_too(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Done")
    body = {job: {TIME: {"Status": "Running"}}}
    assert (await rehearse(installation, "/api/jobs/status", body, "force=true"))["status"] == 403
    forced = await rehearse(installation, "/api/jobs/status", body, "force=true", user="admin", group="gridlab_admin")
    assert forced["after"][str(job)]["Jobs"][0]["Status"] == "Running"
    assert (await jobs.row(job))["Status"] == "Done"


@pytest.mark.parametrize(
    "request_",
    [
        {"path": "/api/auth/token", "body": {1: {}}},
        {"path": "/api/jobs/status", "body": {}},
        {"path": "/api/jobs/status", "body": {number: {} for number in range(1, 102)}},
        {"path": "/api/jobs/status", "method": "DELETE", "body": {1: {}}},
    ],
)
async def test_other_requests_can_not_be_rehearsed(installation: Installation, request_: Any) -> None:
    assert (await installation.call("POST", URL, request_)).status_code in (400, 422)


async def test_rehearsals_are_not_counted_as_requests_of_the_route(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Received")
    await rehearse(installation, "/api/jobs/status", {job: {TIME: {"Status": "Checking"}}})
    metrics = (await installation.http.get("/metrics")).text
    assert 'route="/api/bridge/rehearsals"' in metrics
    assert 'route="/api/jobs/status"' not in metrics

"""PATCH /api/jobs/status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.jobs import Jobs

URL = "/api/jobs/status"


def soon(seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def one(status: str, **more: str) -> dict[str, dict[str, str]]:
    return {soon(): {"Status": status, **more}}


async def test_a_status_changes_the_row_and_the_log(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    answer = await installation.call("PATCH", URL, {job: one("Checking", MinorStatus="JobPath", Source="JobManager")})
    assert answer.status_code == 200
    changed = answer.json()["success"][str(job)]
    assert (changed["Status"], changed["MinorStatus"], changed["ApplicationStatus"]) == ("Checking", "JobPath", None)
    assert changed["LastUpdateTime"].endswith("Z")
    row = await jobs.row(job)
    assert (row["Status"], row["MinorStatus"]) == ("Checking", "JobPath")
    log = await jobs.log(job)
    assert [(r["SeqNum"], r["Status"], r["MinorStatus"], r["StatusSource"]) for r in log] == [
        (1, "Received", "Job accepted", "JobManager"),
        (2, "Checking", "JobPath", "JobManager"),
    ]


async def test_several_updates_of_one_job_are_applied_in_the_order_of_their_times(
    installation: Installation, jobs: Jobs
) -> None:
    (job,) = await jobs.add(Status="Matched")
    updates = {soon(2): {"Status": "Done"}, soon(0): {"Status": "Running"}, soon(1): {"Status": "Completing"}}
    answer = await installation.call("PATCH", URL, {job: updates})
    assert answer.json()["success"][str(job)]["Status"] == "Done"
    row = await jobs.row(job)
    assert row["StartExecTime"] < row["EndExecTime"]
    assert [r["Status"] for r in await jobs.log(job)] == ["Matched", "Running", "Completing", "Done"]


async def test_a_refused_transition_is_reported_and_gives_no_end_time(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Waiting")
    answer = await installation.call("PATCH", URL, {job: one("Done", Source="me")})
    assert answer.status_code == 200
    failed = answer.json()["failed"][str(job)]
    assert "Waiting can't become Done" in failed["detail"]
    assert failed["code"] == "transition_refused"
    assert str(job) not in answer.json()["success"]
    row = await jobs.row(job)
    assert (row["Status"], row["EndExecTime"]) == ("Waiting", None)
    assert (await jobs.log(job))[-1]["StatusSource"] == "me(SM)"


async def test_a_job_without_a_log_can_be_updated(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(logged=False)
    answer = await installation.call("PATCH", URL, {job: one("Checking")})
    assert answer.json()["success"][str(job)]["Status"] == "Checking"
    assert [r["SeqNum"] for r in await jobs.log(job)] == [1]


async def test_a_killed_job_leaves_its_queue_and_gets_a_kill_command(installation: Installation, jobs: Jobs) -> None:
    killed, other = await jobs.add(2, Status="Waiting")
    await jobs.queue(killed)
    full = await jobs.queue(other)
    answer = await installation.call("PATCH", URL, {killed: one("Killed")})
    assert answer.json()["success"][str(killed)]["Status"] == "Killed"
    assert await jobs.queues() == ([full], [other])
    assert [(c["Command"], c["Status"]) for c in await jobs.commands(killed)] == [("Kill", "Received")]


async def test_two_kills_within_one_second_succeed(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Waiting")
    for _ in range(2):
        answer = await installation.call("PATCH", URL, {job: one("Killed")})
        assert answer.status_code == 200, answer.text
    assert (await jobs.row(job))["Status"] == "Killed"


async def test_one_bad_job_fails_alone(installation: Installation, jobs: Jobs) -> None:
    good, empty, long = await jobs.add(3)
    body = {good: one("Checking"), empty: {}, long: one("Checking", MinorStatus="x" * 129)}
    answer = await installation.call("PATCH", URL, body)
    assert answer.status_code == 200
    assert list(answer.json()["success"]) == [str(good)]
    assert set(answer.json()["failed"]) == {str(empty), str(long)}
    assert (await jobs.row(long))["Status"] == "Received"


async def test_unknown_jobs_are_reported_to_administrators(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    admin: dict[str, Any] = {"user": "admin", "group": "gridlab_admin"}
    answer = await installation.call("PATCH", URL, {job: one("Checking"), 999999999: one("Checking")}, **admin)
    assert answer.status_code == 200
    assert answer.json()["failed"] == {"999999999": {"detail": "Not found"}}
    answer = await installation.call("PATCH", URL, {999999999: one("Checking")}, **admin)
    assert answer.status_code == 404
    assert answer.json()["detail"] == {"success": {}, "failed": {"999999999": {"detail": "Not found"}}}


@pytest.mark.parametrize(
    ("user", "group", "status"),
    [
        ("alice", "gridlab_user", 200),
        ("bob", "gridlab_user", 403),
        ("pilot", "gridlab_pilot", 200),
        ("admin", "gridlab_admin", 200),
        ("carol", "biolab_user", 403),
        ("carol", "biolab_admin", 403),
    ],
)
async def test_only_owners_pilots_and_administrators_of_the_vo_change_a_job(
    installation: Installation, jobs: Jobs, user: str, group: str, status: int
) -> None:
    mine, alices = await jobs.add(2)
    answer = await installation.call(
        "PATCH", URL, {mine: one("Checking"), alices: one("Checking")}, user=user, group=group
    )
    assert answer.status_code == status, answer.text
    assert (await jobs.row(alices))["Status"] == ("Checking" if status == 200 else "Received")


async def test_only_administrators_may_force(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Done")
    refused = await installation.call("PATCH", URL, {job: one("Running")}, params={"force": True})
    assert refused.status_code == 403
    assert len(await jobs.log(job)) == 1
    forced = await installation.call(
        "PATCH", URL, {job: one("Running")}, params={"force": True}, user="admin", group="gridlab_admin"
    )
    assert forced.json()["success"][str(job)]["Status"] == "Running"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"1": {"2026-01-31T12:00:00": {"Status": "Done"}}}, 400, "UTC"),
        ({"1": {"2026-01-31T12:00:00+02:00": {"Status": "Done"}}}, 400, "UTC"),
        ({"1": {"2026-02-31T12:00:00Z": {"Status": "Done"}}}, 422, "2026-02-31"),
        ({"1": {"yesterday": {"Status": "Done"}}}, 422, "yesterday"),
        ({"1": {"2026-01-31T12:00:00Z": {"Status": "Finished"}}}, 422, "Finished"),
        ({"one": {}}, 422, "one"),
        ([], 422, "dict"),
    ],
)
async def test_bad_input_is_refused_with_its_name(
    installation: Installation, body: Any, status: int, told: str
) -> None:
    answer = await installation.call("PATCH", URL, body)
    assert answer.status_code == status
    assert told in answer.text


async def test_values_that_no_column_can_hold_are_refused_not_failures(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    answer = await installation.call("PATCH", URL, {job: {"2099-01-01T00:00:00Z": {"Status": "Checking"}}})
    assert "2099-01-01" in answer.json()["failed"][str(job)]["detail"]
    admin: dict[str, Any] = {"user": "admin", "group": "gridlab_admin"}
    for strange in (0, -1, 2**32, 2**80):
        answer = await installation.call("PATCH", URL, {strange: one("Checking")}, **admin)
        assert answer.status_code == 404, strange
    answer = await installation.call("PATCH", URL, {job: {soon(): {"MinorStatus": "a\x00b"}}})
    assert "NUL" in answer.json()["failed"][str(job)]["detail"]
    for text in ("𝕏 \\ ' \" % :now", "\N{BELL}"):
        answer = await installation.call("PATCH", URL, {job: {soon(): {"MinorStatus": text}}})
        assert answer.json()["success"][str(job)]["MinorStatus"] == text
        assert (await jobs.row(job))["MinorStatus"] == text

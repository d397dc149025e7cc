"""PATCH /api/jobs/heartbeat."""

from __future__ import annotations

import pytest

from tests.installation import Installation
from tests.jobs import Jobs

URL = "/api/jobs/heartbeat"


async def test_values_are_recorded_and_the_time_is_noted(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running")
    answer = await installation.call("PATCH", URL, {job: {"CPUConsumed": 75.0, "LoadAverage": 2.5}})
    assert (answer.status_code, answer.json()) == (200, [])
    assert await jobs.heartbeats(job) == {"CPUConsumed": "75.0", "LoadAverage": "2.5"}
    assert (await jobs.row(job))["HeartBeatTime"] is not None
    assert len(await jobs.log(job)) == 1


@pytest.mark.parametrize("status", ["Matched", "Stalled"])
async def test_a_matched_or_stalled_job_runs_again_and_the_log_says_so(
    installation: Installation, jobs: Jobs, status: str
) -> None:
    (job,) = await jobs.add(Status=status)
    await installation.call("PATCH", URL, {job: {}})
    row = await jobs.row(job)
    assert (row["Status"], row["StartExecTime"] is not None) == ("Running", True)
    last = (await jobs.log(job))[-1]
    assert (last["Status"], last["StatusSource"]) == ("Running", "Heartbeat")


@pytest.mark.parametrize("status", ["Waiting", "Done", "Killed"])
async def test_other_states_stay_as_they_are(installation: Installation, jobs: Jobs, status: str) -> None:
    (job,) = await jobs.add(Status=status)
    await installation.call("PATCH", URL, {job: {"CPUConsumed": 1}})
    assert (await jobs.row(job))["Status"] == status


async def test_two_heartbeats_within_one_second_succeed_and_the_newer_value_stays(
    installation: Installation, jobs: Jobs
) -> None:
    (job,) = await jobs.add(Status="Running")
    for value in (1.0, 2.0, 3.0):
        answer = await installation.call("PATCH", URL, {job: {"CPUConsumed": value}})
        assert answer.status_code == 200, answer.text
    assert await jobs.heartbeats(job) == {"CPUConsumed": "3.0"}


async def test_a_kill_command_is_given_out_once(installation: Installation, jobs: Jobs) -> None:
    killed, other = await jobs.add(2, Status="Running")
    now = "2026-01-31T12:00:00Z"
    await installation.call("PATCH", "/api/jobs/status", {killed: {now.replace("2026", "2040"): {"Status": "Killed"}}})
    beats = {killed: {"CPUConsumed": 1}, other: {"CPUConsumed": 1}}
    first = await installation.call("PATCH", URL, beats)
    assert first.json() == [{"job_id": killed, "command": "Kill", "arguments": ""}]
    assert (await installation.call("PATCH", URL, beats)).json() == []
    assert [c["Status"] for c in await jobs.commands(killed)] == ["Sent"]


async def test_standard_output_becomes_a_job_parameter(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running")
    await installation.call("PATCH", URL, {job: {"StandardOutput": "the last lines"}})
    found = await installation.runtime.job_parameters.read("gridlab", [job])
    assert found[job]["StandardOutput"] == "the last lines"


async def test_an_unknown_job_refuses_the_whole_and_is_named(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running")
    body = {job: {"CPUConsumed": 1}, 999999999: {"CPUConsumed": 1}}
    answer = await installation.call("PATCH", URL, body, user="pilot", group="gridlab_pilot")
    assert (answer.status_code, answer.json()) == (404, {"detail": "No such job: 999999999"})
    assert await jobs.heartbeats(job) == {}


async def test_others_may_not_speak_for_a_job(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Matched")
    for user, group in (("bob", "gridlab_user"), ("carol", "biolab_admin")):
        answer = await installation.call("PATCH", URL, {job: {}}, user=user, group=group)
        assert answer.status_code == 403
    assert (await jobs.row(job))["Status"] == "Matched"


async def test_unknown_names_and_numbers_that_are_none_are_refused(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running")
    for body in ('{"%d": {"Temperature": 3}}', '{"%d": {"CPUConsumed": NaN}}'):
        answer = await installation.http.patch(
            URL,
            content=body % job,
            headers={**await installation.headers(), "Content-Type": "application/json"},
        )
        assert answer.status_code == 422

"""Kill, delete, remove and confirm: each job for itself, with DIRAC's rights and DIRAC's rows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.installation import Installation
from tests.jobs import Jobs

PARAMETRIC = 'Executable = "x"; Parameters = 3;'


async def call(installation: Installation, what: str, job_ids: list[int], **more: Any) -> Any:
    who = {name: more.pop(name) for name in ("user", "group") if name in more}
    answer = await installation.call("POST", f"/api/jobs/{what}", {"job_ids": job_ids, **more}, **who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def admin() -> dict[str, str]:
    return {"user": "admin", "group": "gridlab_admin"}


async def test_a_killed_job_has_its_end_a_log_record_a_command_and_no_queue(
    installation: Installation, jobs: Jobs
) -> None:
    (job,) = await jobs.add(Status="Waiting")
    await jobs.queue(job)
    told = await call(installation, "kill", [job])
    assert told["failed"] == {}
    assert told["success"][str(job)]["Status"] == "Killed"
    row = await jobs.row(job)
    assert (row["Status"], row["MinorStatus"]) == ("Killed", "Marked for termination")
    assert row["EndExecTime"] is not None
    assert row["HeartBeatTime"] is None
    last = (await jobs.log(job))[-1]
    assert (last["Status"], last["MinorStatus"], last["StatusSource"]) == (
        "Killed", "Marked for termination", "JobManager",
    )  # fmt: skip
    assert [(c["Command"], c["Arguments"], c["Status"]) for c in await jobs.commands(job)] == [("Kill", "", "Received")]
    assert await jobs.queues() == ([], [])


async def test_a_queue_that_is_not_enabled_stays(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Waiting")
    queue = await jobs.queue(job, enabled=0)
    await call(installation, "kill", [job])
    assert await jobs.queues() == ([queue], [])


async def test_two_kills_within_a_second_are_fine(installation: Installation, jobs: Jobs) -> None:
    ids = await jobs.add(2, Status="Running")
    for _ in range(2):
        assert list((await call(installation, "kill", ids))["success"]) == [str(job) for job in ids]


async def test_jobs_that_can_not_be_killed_fail_alone(installation: Installation, jobs: Jobs) -> None:
    (running,) = await jobs.add(Status="Running")
    (done,) = await jobs.add(Status="Done")
    (deleted,) = await jobs.add(Status="Deleted")
    (foreign,) = await jobs.add(Status="Running", Owner="bob")
    (other_vo,) = await jobs.add(Status="Running", VO="biolab")
    told = await call(installation, "kill", [running, done, deleted, foreign, other_vo, 4_000_000_000, -1])
    assert list(told["success"]) == [str(running)]
    codes = {int(job): reason["code"] for job, reason in told["failed"].items()}
    assert codes == {
        done: "transition_refused",
        deleted: "transition_refused",
        foreign: "not_authorized",
        other_vo: "not_authorized",
        4_000_000_000: "not_found",
        -1: "not_found",
    }
    assert "can't become Killed; it can become Deleted" in told["failed"][str(done)]["detail"]
    assert (await jobs.row(foreign))["Status"] == "Running"


async def test_deletion_kills_what_runs_and_deletes_what_does_not(installation: Installation, jobs: Jobs) -> None:
    (waiting,) = await jobs.add(Status="Waiting")
    (running,) = await jobs.add(Status="Running")
    (done,) = await jobs.add(Status="Done")
    (staging,) = await jobs.add(Status="Completed")
    await jobs.queue(waiting)
    told = await call(installation, "delete", [waiting, running, done, staging])
    statuses = {int(job): columns["Status"] for job, columns in told["success"].items()}
    assert statuses == {waiting: "Deleted", running: "Killed", done: "Deleted"}
    assert set(told["failed"]) == {str(running), str(staging)}
    assert "It is killed now" in told["failed"][str(running)]["detail"]
    assert [(r["Status"], r["MinorStatus"]) for r in await jobs.log(waiting)][1:] == [
        ("Killed", "Marked for termination"),
        ("Deleted", "Checking accounting"),
    ]
    assert (await jobs.row(done))["MinorStatus"] == "Checking accounting"
    assert await jobs.commands(done) == []
    assert len(await jobs.commands(running)) == len(await jobs.commands(waiting)) == 1
    assert await jobs.queues() == ([], [])
    again = await call(installation, "delete", [running])
    assert again["success"][str(running)]["Status"] == "Deleted"


async def test_force_is_for_job_administrators(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Completed")
    for what in ("kill", "delete"):
        body = {"job_ids": [job], "force": True}
        answer = await installation.call("POST", f"/api/jobs/{what}", body)
        assert answer.status_code == 403
    told = await call(installation, "delete", [job], force=True, **admin())
    assert told["failed"] == {}
    assert (await jobs.row(job))["Status"] == "Deleted"


async def test_a_removed_job_leaves_no_row_and_no_empty_queue(installation: Installation, jobs: Jobs) -> None:
    answer = await installation.call(
        "POST", "/api/jobs/jdl", ['Executable = "x"; InputData = {"LFN:/gridlab/a"};', 'Executable = "y";']
    )
    gone, kept = (job["JobID"] for job in answer.json())
    await jobs.fill_children(gone)
    await jobs.fill_children(kept)
    queue = await jobs.queue(gone)
    await jobs.ram(queue)
    before = await jobs.rows_of(kept)
    told = await call(installation, "remove", [gone, 4_000_000_000])
    assert told["success"] == {str(gone): {}}
    assert told["failed"]["4000000000"]["code"] == "not_found"
    assert set((await jobs.rows_of(gone)).values()) == {0}
    assert await jobs.rows_of(kept) == before
    assert set(before) == {
        "InputData", "OptimizerParameters", "AtticJobParameters", "HeartBeatLoggingInfo", "JobCommands", "Jobs",
        "JobJDLs", "LoggingInfo",
    }  # fmt: skip
    assert await jobs.queues() == ([], [])


async def test_confirmed_jobs_go_on_and_may_be_confirmed_again(installation: Installation, jobs: Jobs) -> None:
    ids = [job["JobID"] for job in (await installation.call("POST", "/api/jobs/jdl", [PARAMETRIC])).json()]
    for _ in range(2):
        told = await call(installation, "confirm", ids)
        assert {columns["Status"] for columns in told["success"].values()} == {"Received"}
        assert told["failed"] == {}
    assert [(r["Status"], r["MinorStatus"]) for r in await jobs.log(ids[0])] == [
        ("Submitting", "Bulk transaction confirmation"),
        ("Received", "Job accepted"),
    ]


async def test_an_atomic_confirmation_confirms_all_or_none(installation: Installation, jobs: Jobs) -> None:
    (waits,) = await jobs.add(Status="Submitting")
    (done,) = await jobs.add(Status="Done")
    told = await call(installation, "confirm", [waits, done], atomic=True)
    assert told["success"] == {}
    assert {reason["code"] for reason in told["failed"].values()} == {"not_confirmed", "transition_refused"}
    assert (await jobs.row(waits))["Status"] == "Submitting"
    told = await call(installation, "confirm", [waits, done])
    assert list(told["success"]) == [str(waits)]


async def test_only_who_may_submit_confirms_and_only_his_jobs(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Submitting", Owner="bob")
    answer = await installation.call("POST", "/api/jobs/confirm", {"job_ids": [job]}, **admin())
    assert answer.status_code == 403
    assert (await call(installation, "confirm", [job]))["failed"][str(job)]["code"] == "not_authorized"


@pytest.mark.parametrize("what", ["kill", "delete", "remove", "confirm"])
async def test_a_repeated_request_does_nothing_again(installation: Installation, jobs: Jobs, what: str) -> None:
    status = "Submitting" if what == "confirm" else "Waiting"
    (job,) = await jobs.add(Status=status)
    headers = await installation.headers() | {"x-ms-client-request-id": "the same"}
    answers = [
        await installation.http.post(f"/api/jobs/{what}", json={"job_ids": [job]}, headers=headers) for _ in range(2)
    ]
    assert answers[0].json()["failed"] == {}
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("what", ["kill", "delete", "remove", "confirm", "reschedule"])
@pytest.mark.parametrize("body", [{}, {"job_ids": "1"}, {"job_ids": [1.5]}, {"job_ids": None}, [1]])
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_a_body_without_ids_is_422(installation: Installation, what: str, body: Any) -> None:
    answer = await installation.call("POST", f"/api/jobs/{what}", body)
    assert answer.status_code == 422


async def test_many_hands_on_the_same_jobs_never_meet_a_fault(installation: Installation, jobs: Jobs) -> None:
    """Kills, deletions, removals, rescheduling, heartbeats and statuses of overlapping jobs, in different orders."""
    answer = await installation.call("POST", "/api/jobs/jdl", ['Executable = "x"; Parameters = 24;'])
    ids = [job["JobID"] for job in answer.json()]
    await jobs.queue(*ids[:12])
    await jobs.queue(*ids[12:])
    await installation.headers()

    async def act(number: int) -> int:
        some = ids[number % 7 :: 2] if number % 2 else ids[number % 5 :: 3][::-1]
        what = ("kill", "reschedule", "heartbeat", "status", "delete", "confirm", "remove")[number % 7]
        if what == "heartbeat":
            answer = await installation.call("PATCH", "/api/jobs/heartbeat", {job: {"Vsize": number} for job in some})
        elif what == "status":
            time = datetime.now(UTC).isoformat()
            body = {job: {time: {"MinorStatus": f"step {number}"}} for job in some}
            answer = await installation.call("PATCH", "/api/jobs/status", body)
        else:
            # the last job is removed at the very end only, so that there is always something to do
            chosen = some[:2] if what == "remove" else some
            answer = await installation.call("POST", f"/api/jobs/{what}", {"job_ids": chosen})
        return answer.status_code

    statuses = await asyncio.gather(*(act(number) for number in range(42)))
    # 403 and 404 tell of jobs that others removed meanwhile
    assert set(statuses) <= {200, 400, 403, 404}, statuses
    assert statuses.count(200) > 20
    left = [job for job in ids if (await jobs.rows_of(job))["Jobs"]]
    for job in ids:
        rows = await jobs.rows_of(job)
        if job not in left:
            assert set(rows.values()) == {0}, (job, rows)
            continue
        assert [record["SeqNum"] for record in await jobs.log(job)] == list(range(1, rows["LoggingInfo"] + 1))
    queues, queued = await jobs.queues()
    assert not set(queued) - set(left)
    assert not queues or queued


@pytest.mark.parametrize("what", ["kill", "delete", "remove", "confirm", "log", "input-data", "attributes"])
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_more_jobs_than_one_statement_can_hold_are_422(installation: Installation, what: str) -> None:
    answer = await installation.call("POST", f"/api/jobs/{what}", {"job_ids": [1] * 100_001})
    assert answer.status_code == 422
    assert "100000" in answer.text

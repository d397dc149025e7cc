"""`POST /api/jobs/reschedule`: jobs run again, whatever their state."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from diracx_bridge.db.sql.job.new_jobs import FILL
from diracx_bridge.services.jobs.jdl.prepared import extracted
from tests.installation import Installation, running
from tests.jobs import Jobs

JDL = 'Executable = "/bin/echo"; Arguments = "%j"; Priority = 3; Site = "LCG.A.org";'


async def submitted(installation: Installation, *jdls: str) -> list[int]:
    return [job["JobID"] for job in (await installation.call("POST", "/api/jobs/jdl", list(jdls))).json()]


async def reschedule(installation: Installation, job_ids: list[int], query: str = "", **who: str) -> httpx.Response:
    return await installation.call("POST", f"/api/jobs/reschedule{query}", {"job_ids": job_ids}, **who)


@pytest.mark.parametrize("status", ["Failed", "Done", "Killed", "Checking", "Waiting", "Matched", "Running"])
async def test_a_job_in_any_state_is_received_again(installation: Installation, jobs: Jobs, status: str) -> None:
    (job,) = await submitted(installation, JDL)
    await jobs.set(job, Status=status, MinorStatus="m", ApplicationStatus="a", Site="LCG.B.org", UserPriority=7)
    await jobs.fill_children(job)
    await jobs.queue(job)
    answer = await reschedule(installation, [job])
    assert answer.status_code == 200, answer.text
    assert answer.json()["failed"] == {}
    told = answer.json()["success"][str(job)]
    row = await jobs.row(job)
    expected = {
        "Status": "Received",
        "MinorStatus": "Job Rescheduled",
        "ApplicationStatus": "Unknown",
        "Site": "LCG.A.org",
        "UserPriority": 7,
        "RescheduleCounter": 1,
    }
    assert {name: row[name] for name in expected} == expected
    assert {name: told[name] for name in expected} == expected
    assert told["RescheduleTime"].endswith("Z")
    assert row["RescheduleTime"] == row["LastUpdateTime"]
    last = (await jobs.log(job))[-1]
    assert (last["Status"], last["MinorStatus"], last["ApplicationStatus"], last["StatusSource"]) == (
        "Received", "Job Rescheduled", "Unknown", "JobManager",
    )  # fmt: skip
    executed, original = await jobs.jdls(job)
    assert told["InputData"] == extracted(executed)
    assert f'Arguments = "{job}";' in told["InputData"]
    assert extracted(original) == f"[{JDL}]"
    assert (await jobs.rows_of(job))["OptimizerParameters"] == 0
    assert await jobs.queues() == ([], [])


async def test_parameters_of_the_last_run_go_to_the_attic(installation: Installation, jobs: Jobs) -> None:
    (job,) = await submitted(installation, JDL)
    for run, query in enumerate(("", "?reset_jobs=true", "")):
        await installation.call("PATCH", "/api/jobs/metadata", {job: {"HostName": f"node{run}", "Memory(MB)": run}})
        assert (await reschedule(installation, [job], query)).status_code == 200
    attic = await jobs.attic(job)
    assert {key: value for key, value in attic.items() if key[1] not in ("JobID", "timestamp")} == {
        # the counter was reset after the second run, so the third one took the place of the first
        (0, "HostName"): "node2",
        (0, "Memory(MB)"): "2",
        (1, "HostName"): "node1",
        (1, "Memory(MB)"): "1",
    }
    assert (await jobs.row(job))["RescheduleCounter"] == 1


async def test_a_job_that_ran_too_often_is_failed_and_the_others_go_on(installation: Installation, jobs: Jobs) -> None:
    often, seldom, unread, unverified = await submitted(installation, JDL, JDL, JDL, JDL)
    await jobs.set(often, RescheduleCounter=3, Status="Running")
    await jobs.set(unverified, VerifiedFlag="False")
    stored = (await jobs.jdls(unread))[0]
    broken = '[Executable = "x"; Arguments = "a[1]";]'
    await jobs.server.write(lambda tx: tx.execute(FILL, texts=[(unread, stored, broken)]))
    answer = await reschedule(installation, [often, seldom, unread, unverified, 4_000_000_000])
    assert answer.status_code == 200, answer.text
    assert list(answer.json()["success"]) == [str(seldom)]
    failed = {int(job): reason for job, reason in answer.json()["failed"].items()}
    assert {job: reason["code"] for job, reason in failed.items()} == {
        often: "max_rescheduling",
        unread: "invalid_jdl",
        unverified: "not_verified",
        4_000_000_000: "not_found",
    }
    assert "square brackets" in failed[unread]["detail"]
    row = await jobs.row(often)
    assert (row["Status"], row["MinorStatus"]) == ("Failed", "Maximum of reschedulings reached")
    assert (await jobs.log(often))[-1]["Status"] == "Failed"
    # a counter that begins again lets it run
    answer = await reschedule(installation, [often], "?reset_jobs=true")
    assert answer.json()["success"][str(often)]["RescheduleCounter"] == 0


async def test_no_job_at_all_is_400_with_the_reasons(installation: Installation) -> None:
    answer = await reschedule(installation, [4_000_000_000])
    assert answer.status_code == 400
    assert answer.json()["detail"]["failed"]["4000000000"]["code"] == "not_found"
    assert answer.json()["detail"]["success"] == {}
    assert (await reschedule(installation, [])).json() == {"success": {}, "failed": {}}


async def test_rights_are_those_of_the_owner_of_pilots_and_administrators_in_the_vo(
    installation: Installation, jobs: Jobs
) -> None:
    (job,) = await submitted(installation, JDL)
    for who in ({}, {"user": "pilot", "group": "gridlab_pilot"}, {"user": "admin", "group": "gridlab_admin"}):
        assert (await reschedule(installation, [job], "?reset_jobs=true", **who)).status_code == 200
    for who in ({"user": "bob"}, {"user": "carol", "group": "biolab_admin"}):
        assert (await reschedule(installation, [job], **who)).status_code == 403
    # the description keeps its owner, whoever reschedules it
    assert 'Owner = "alice";' in extracted((await jobs.jdls(job))[0])


async def test_a_store_of_parameters_that_does_not_answer_is_no_reason_not_to_reschedule(
    sqlite_urls: Mapping[str, str], tmp_path: Path
) -> None:
    nobody: dict[str, Any] = {
        "os_db_jobparametersdb": {"hosts": ["http://127.0.0.1:9"]}, "bridge_job_parameters_file": None,
    }  # fmt: skip
    async with running(tmp_path, sqlite_urls, **nobody) as installation:
        jobs = Jobs(installation.runtime.jobs.server)
        (job,) = await submitted(installation, JDL)
        await installation.call("PATCH", "/api/jobs/metadata", {job: {"HostName": "node"}})
        assert (await reschedule(installation, [job])).status_code == 200
        # what had not reached the store is kept all the same
        assert (await jobs.attic(job))[0, "HostName"] == "node"


async def test_a_repeated_request_counts_once(installation: Installation, jobs: Jobs) -> None:
    (job,) = await submitted(installation, JDL)
    headers = await installation.headers() | {"x-ms-client-request-id": "the same"}
    body = {"job_ids": [job]}
    answers = [await installation.http.post("/api/jobs/reschedule", json=body, headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert (await jobs.row(job))["RescheduleCounter"] == 1

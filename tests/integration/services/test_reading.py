"""What can be read of a job whose id is known, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.installation import Installation
from tests.jobs import Jobs

JDL = 'Executable = "/bin/echo"; Arguments = "%j"; InputData = {"LFN:/gridlab/b", "/gridlab/a"};'


async def read(installation: Installation, method: str, path: str, body: Any = None, **who: str) -> Any:
    answer = await installation.call(method, f"/api/jobs{path}", body, **who)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def job(installation: Installation) -> int:
    answer = await installation.call("POST", "/api/jobs/jdl", [JDL])
    return int(answer.json()[0]["JobID"])


async def test_both_descriptions_are_read(installation: Installation, job: int) -> None:
    executed = await read(installation, "GET", f"/{job}/jdl")
    assert (executed["JobID"], executed["Original"]) == (job, False)
    assert f'Arguments = "{job}";' in executed["JDL"]
    original = await read(installation, "GET", f"/{job}/jdl?original=true")
    assert original == {"JobID": job, "Original": True, "JDL": f"[{JDL}]"}


async def test_the_log_repeats_what_did_not_change(installation: Installation, job: int) -> None:
    update = {job: {"2040-01-01T00:00:00Z": {"MinorStatus": "by hand", "Source": "me"}}}
    await installation.call("PATCH", "/api/jobs/status", update)
    log = await read(installation, "GET", f"/{job}/log")
    assert [(r["Status"], r["MinorStatus"], r["ApplicationStatus"], r["Source"]) for r in log] == [
        ("Received", "Job accepted", "Unknown", "JobManager"),
        ("Received", "by hand", "Unknown", "me"),
    ]
    assert log[1]["StatusTime"] == "2040-01-01T00:00:00Z"
    assert await read(installation, "POST", "/log", {"job_ids": [job, 4_000_000_000]}) == {str(job): log}


async def test_heartbeats_are_read_in_the_order_of_time(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running")
    assert await read(installation, "GET", f"/{job}/heartbeats") == []
    await installation.call("PATCH", "/api/jobs/heartbeat", {job: {"Vsize": 5, "CPUConsumed": 1.5}})
    beats = await read(installation, "GET", f"/{job}/heartbeats")
    assert [(beat["Name"], beat["Value"]) for beat in beats] == [("CPUConsumed", "1.5"), ("Vsize", "5.0")]
    assert beats[0]["HeartBeatTime"].endswith("Z")


async def test_input_files_are_read_without_their_prefix(installation: Installation, jobs: Jobs, job: int) -> None:
    (without,) = await jobs.add()
    assert sorted(await read(installation, "GET", f"/{job}/input-data")) == ["/gridlab/a", "/gridlab/b"]
    several = await read(installation, "POST", "/input-data", {"job_ids": [job, without, 4_000_000_000]})
    assert {name: sorted(lfns) for name, lfns in several.items()} == {
        str(job): ["/gridlab/a", "/gridlab/b"],
        str(without): [],
    }


async def test_attributes_are_read_by_name_or_all_of_them(installation: Installation, jobs: Jobs) -> None:
    one, two = await jobs.add(2, Status="Waiting", Site="LCG.A.org")
    wanted = {"job_ids": [two, one, one, 4_000_000_000], "names": ["Status", "Site"]}
    row = {"Status": "Waiting", "Site": "LCG.A.org"}
    assert await read(installation, "POST", "/attributes", wanted) == {str(one): row, str(two): row}
    complete = (await read(installation, "POST", "/attributes", {"job_ids": [one]}))[str(one)]
    assert len(complete) == 21
    assert complete["SubmissionTime"].endswith("Z")
    assert (complete["VerifiedFlag"], complete["StartExecTime"], complete["JobID"]) == (False, None, one)
    answer = await installation.call("POST", "/api/jobs/attributes", {"job_ids": [one], "names": ["Nonsense"]})
    assert answer.status_code == 400
    assert "Nonsense" in answer.json()["detail"]


SINGLE = ("jdl", "log", "heartbeats", "input-data")
BULK = ("log", "input-data", "attributes")


async def visible(installation: Installation, job: int, **who: str) -> bool:
    """Whether all routes show this job; they have to agree."""
    statuses = {(await installation.call("GET", f"/api/jobs/{job}/{what}", **who)).status_code for what in SINGLE}
    for what in BULK:
        answer = await installation.call("POST", f"/api/jobs/{what}", {"job_ids": [job]}, **who)
        statuses.add(200 if str(job) in answer.json() else 403)
    assert len(statuses) == 1, statuses
    return statuses == {200}


async def test_jobs_are_seen_within_the_vo_and_those_of_others_if_it_says_so(
    installation: Installation, jobs: Jobs
) -> None:
    (ours,) = await jobs.add(Owner="bob")
    (theirs,) = await jobs.add(Owner="dave", OwnerGroup="biolab_user", VO="biolab")
    (carols,) = await jobs.add(Owner="carol", OwnerGroup="biolab_user", VO="biolab")
    assert await visible(installation, ours)
    assert await visible(installation, ours, user="pilot", group="gridlab_pilot")
    assert not await visible(installation, theirs)
    assert not await visible(installation, theirs, user="admin", group="gridlab_admin")
    carol = {"user": "carol", "group": "biolab_user"}
    # biolab has GlobalJobsInfo off
    assert not await visible(installation, theirs, **carol)
    assert await visible(installation, carols, **carol)
    assert await visible(installation, theirs, user="carol", group="biolab_admin")


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_a_job_that_does_not_exist_is_404(installation: Installation) -> None:
    for what in SINGLE:
        for job in (4_000_000_000, 2**70, -1, 0):
            answer = await installation.call("GET", f"/api/jobs/{job}/{what}")
            assert answer.status_code == 404, answer.text
        assert (await installation.call("GET", f"/api/jobs/x/{what}")).status_code == 422

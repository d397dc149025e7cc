"""`POST /api/jobs/jdl`: what is stored, what is refused, and that it is all or nothing."""

from __future__ import annotations

import asyncio
import json
from random import Random
from typing import Any

import pytest

from diracx_bridge.services.jobs.jdl.prepared import extracted
from tests.installation import Installation
from tests.jobs import Jobs
from tests.unit.services.test_jdl import WORDS

JDL = """
    Executable = "/bin/echo";
    Arguments = "hello %j";
    JobName = "job %j";
    JobType = "User";
    JobGroup = "tests";
    Site = {"LCG.A.org", "LCG.B.org"};
    InputData = {"LFN:/gridlab/user/a/alice/x", "/gridlab/user/a/alice/y"};
    OutputSandbox = {"std.out", "std.err"};
"""
PARAMETRIC = 'Executable = "/bin/echo"; Arguments = "%s %(A)s"; Parameters = 3; ParameterStart = 1; ParameterStep = 2; '
PARAMETRIC += 'Parameters.A = {"a", "b", "c"};'


async def submit(installation: Installation, *jdls: str, **who: str) -> Any:
    return await installation.call("POST", "/api/jobs/jdl", list(jdls), **who)


async def test_a_job_is_stored_with_the_owner_of_the_token_and_the_defaults_of_the_vo(
    installation: Installation, jobs: Jobs
) -> None:
    answer = await submit(installation, JDL)
    assert answer.status_code == 201, answer.text
    (inserted,) = answer.json()
    assert inserted["TimeStamp"].endswith("Z")
    job = inserted["JobID"]
    assert (inserted["Status"], inserted["MinorStatus"]) == ("Received", "Job accepted")
    row = await jobs.row(job)
    assert {name: row[name] for name in ("Owner", "OwnerGroup", "VO", "JobName", "JobType", "JobGroup", "Site")} == {
        "Owner": "alice",
        "OwnerGroup": "gridlab_user",
        "VO": "gridlab",
        "JobName": f"job {job}",
        "JobType": "User",
        "JobGroup": "tests",
        "Site": "Multiple",
    }
    assert (row["UserPriority"], row["VerifiedFlag"], row["ApplicationStatus"]) == (1, "True", "Unknown")
    assert row["SubmissionTime"] == row["LastUpdateTime"]
    assert [(r["Status"], r["MinorStatus"], r["StatusSource"]) for r in await jobs.log(job)] == [
        ("Received", "Job accepted", "JobManager")
    ]
    assert await jobs.input_data(job) == ["/gridlab/user/a/alice/y", "LFN:/gridlab/user/a/alice/x"]
    executed, original = map(extracted, await jobs.jdls(job))
    assert original == f"[{JDL.strip()}]"
    assert f'Arguments = "hello {job}";' in executed
    assert "CPUTime = 86400;" in executed
    assert 'SoftwareDistModule = "LocalSoftwareDist";' in executed


async def test_a_bulk_gets_ascending_ids_in_the_order_of_its_descriptions(
    installation: Installation, jobs: Jobs
) -> None:
    names = [f"job{number}" for number in range(30)]
    answer = await submit(installation, *(f'Executable = "x"; JobName = "{name}";' for name in names))
    ids = [job["JobID"] for job in answer.json()]
    assert ids == sorted(set(ids))
    assert [(await jobs.row(job))["JobName"] for job in ids] == names


async def test_a_parametric_description_becomes_jobs_that_wait_for_confirmation(
    installation: Installation, jobs: Jobs
) -> None:
    answer = await submit(installation, PARAMETRIC)
    assert answer.status_code == 201, answer.text
    inserted = answer.json()
    assert {(job["Status"], job["MinorStatus"]) for job in inserted} == {
        ("Submitting", "Bulk transaction confirmation")
    }
    texts = [extracted((await jobs.jdls(job["JobID"]))[0]) for job in inserted]
    for text, arguments in zip(texts, ("1 a", "3 b", "5 c"), strict=True):
        assert f'Arguments = "{arguments}";' in text


REFUSED = {
    "nothing": ([], "at least one"),
    "empty text": ([" "], "Job 1"),
    "no executable": (['JobName = "x";'], "Job 1: Executable is missing"),
    "priority": (['Executable = "x"; Priority = 99;'], "Priority = 99 is out of bounds; give a number from 0 to 10"),
    "cpu time": (['Executable = "x"; CPUTime = "much";'], "CPUTime"),
    "job type": (['Executable = "x"; JobType = "Merge";'], "JobType 'Merge' is not allowed in VO gridlab"),
    "foreign data": (['Executable = "x"; InputData = {"LFN:/other/x"};'], "LFN:/gridlab/"),
    "foreign vo": (['Executable = "x"; VirtualOrganization = "biolab";'], "VirtualOrganization"),
    "long name": ([f'Executable = "x"; JobName = "{"n" * 129}";'], "JobName is longer than 128"),
    "bracket in a value": (['Executable = "x"; Arguments = "a[1]";'], "Arguments: a value can't hold square brackets"),
    "semicolon in quotes": (['Executable = "x"; Arguments = "a;b";'], "Arguments: a quote is not closed"),
    "open list": (['Executable = "x"; InputData = {{a};'], "InputData: braces"),
    "two parametric": (['Executable = "x"; Parameters = 2;'] * 2, "Job 1: it is parametric"),
    "parametric without number": (['Executable = "x"; Parameters = many;'], "neither a number nor a list"),
    "parametric with odd lists": (['Executable = "x"; Parameters = {"a"}; Parameters.B = {"a", "b"};'], "Job 1"),
    "too many": (['Executable = "x"; Parameters = 1000000000;'], "the most of a parametric job are 1000"),
    "the second of three": (
        ['Executable = "x";', 'Executable = "y"; Priority = -1;', 'Executable = "z";'],
        "Job 2: Pr",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_what_can_not_be_accepted_is_400_with_job_and_remedy_and_nothing_is_stored(
    installation: Installation, jobs: Jobs, case: str
) -> None:
    descriptions, told = REFUSED[case]
    answer = await submit(installation, *descriptions)
    assert answer.status_code == 400, answer.text
    assert told in answer.json()["detail"]
    assert await jobs.count() == 0


async def test_a_group_without_normal_user_may_not_submit(installation: Installation) -> None:
    for user, group in (("admin", "gridlab_admin"), ("pilot", "gridlab_pilot")):
        answer = await submit(installation, JDL, user=user, group=group)
        assert answer.status_code == 403
        assert "NormalUser" in answer.json()["detail"]


async def test_submissions_and_legacy_inserts_at_the_same_time_get_ids_of_their_own(
    installation: Installation, jobs: Jobs
) -> None:
    """DIRAC inserts one row and takes its id; the ids of our rows need not be consecutive then."""
    legacy: list[int] = []

    async def as_legacy() -> None:
        for _ in range(20):
            legacy.extend(await jobs.add())

    async def ours(number: int) -> list[int]:
        answer = await submit(installation, *[f'Executable = "x"; JobName = "{number} %j";'] * 15)
        assert answer.status_code == 201, answer.text
        return [job["JobID"] for job in answer.json()]

    await installation.headers()
    _, *submitted = await asyncio.gather(as_legacy(), *(ours(number) for number in range(8)))
    ids = [job for of_one in submitted for job in of_one]
    assert len({*ids, *legacy}) == 8 * 15 + 20
    for number, of_one in enumerate(submitted):
        for job in of_one[::7]:
            assert (await jobs.row(job))["JobName"] == f"{number} {job}"
            assert f"JobID = {job};" in extracted((await jobs.jdls(job))[0])
    assert {(await jobs.jdls(job))[0] for job in legacy} == {""}


async def test_a_repeated_submission_is_answered_as_the_first_and_submits_nothing(
    installation: Installation, jobs: Jobs
) -> None:
    headers = await installation.headers() | {"x-ms-client-request-id": "again"}
    answers = [await installation.http.post("/api/jobs/jdl", json=[JDL] * 2, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert await jobs.count() == 2


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_texts_of_any_kind_are_accepted_or_refused_and_never_a_fault_of_the_server(
    installation: Installation,
) -> None:
    random = Random(4)
    for _ in range(300):
        text = 'Executable = "x";' + "".join(random.choices(WORDS, k=random.randint(1, 25)))
        answer = await submit(installation, text)
        assert answer.status_code in (201, 400), (text, answer.text)
    for body in ({}, "text", [1], [None], [["x"]], ["\ud800"], None):
        answer = await installation.http.post(
            "/api/jobs/jdl", content=json.dumps(body), headers=await installation.headers()
        )
        assert answer.status_code == 422, (body, answer.text)

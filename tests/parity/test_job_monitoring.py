"""JobMonitoring: the adapter gives what the real handler gives, of jobs with a history."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from diracx_bridge.legacy_adapters.differences import DIFFERENCES, JM
from diracx_bridge.legacy_adapters.job_monitoring.values import ATTRIBUTES
from tests.live import LiveServer
from tests.parity.sides import Asked, by_legacy, ours
from tests.servers.legacy import Legacy

OWNER, STRANGER, FOREIGNER = ("alice", "dirac_user"), ("bob", "dirac_user"), ("carol", "othervo_user")
JDL = """[
    Executable = "/bin/echo"; Arguments = "hello"; JobName = "reading"; JobType = "User"; JobGroup = "reading";
    InputData = {"LFN:/dirac/a", "/dirac/b"}; OutputSandbox = {"std.out"}; StdOutput = "std.out"; CPUTime = 1000;
]"""
UNKNOWN = 999_999_999


@pytest.fixture
def jobs(legacy: Legacy) -> list[int]:
    """Three jobs of alice: new, running with heartbeats and parameters, and failed."""
    new, running, failed = (legacy.new_job(jdl=JDL, status=status) for status in ("Received", "Matched", "Waiting"))
    calls = [
        ("setJobStatus", running, "Running", "Application", "JobWrapper", "2026-02-01 10:00:00"),
        ("setJobSite", running, "LCG.A.org"),
        ("setJobParameters", running, [("HostName", "node1"), ("Memory(MB)", 5), ("My own", "text")]),
        ("sendHeartBeat", running, {"CPUConsumed": "12.55", "LoadAverage": 0.8}, {}),
        ("setJobApplicationStatus", running, "step 5", "JobWrapper"),
        ("setJobStatus", failed, "Failed", "Input", "me"),
    ]
    for method, *arguments in calls:
        assert legacy.call("JobStateUpdate", method, *arguments)["OK"]
    return [new, running, failed]


def calls(jobs: Sequence[int]) -> list[Asked]:
    """Every method, with every form of its arguments."""
    one = [*jobs, UNKNOWN]
    single: list[Any] = [jobs[0], str(jobs[1]), list(jobs), [*map(str, jobs)], [UNKNOWN], [*jobs, UNKNOWN]]
    several = [*single, ",".join(map(str, jobs))]
    made: list[tuple[str, tuple[Any, ...]]] = [
        *((m, (j,)) for m in ("getJobLoggingInfo", "getJobSummary", "getJobAttributes") for j in one),
        *(("getJobHeartBeatData", (j,)) for j in one),
        *(("getJobJDL", (j, original)) for j in one for original in (True, False)),
        *((m, (j,)) for m in ("getJobsStates", "getJobsStatus", "getJobsMinorStatus") for j in several),
        *((m, (j,)) for m in ("getJobsApplicationStatus", "getJobsSites") for j in several),
        *(("getJobsSummary", (j,)) for j in several if isinstance(j, list)),
        *(("getJobParameters", (j, n)) for j in single for n in (None, "HostName", "Nothing")),
        *(("getJobParameter", (j, n)) for j in (*one, str(jobs[1])) for n in ("HostName", "Nothing")),
        *(("getJobAttribute", (j, name)) for j in one for name in (*ATTRIBUTES, "Nonsense")),
        *(("getJobAttributes", (j, names)) for j in one for names in (["Status"], ["Site", "Owner"], ["Nonsense"], [])),
        *(("getInputData", (j,)) for j in (*one, list(jobs), [UNKNOWN])),
    ]
    conditions: list[Any] = [
        {"JobGroup": "reading"}, {"JobGroup": "reading", "Status": ["Running", "Failed"]}, {"Owner": "nobody"},
        {"JobGroup": "reading", "Site": "LCG.A.org"},
    ]  # fmt: skip
    cuts = [None, "2020-01-01 00:00:00", "2099-01-01 00:00:00"]
    made += [("getJobs", (c, cut)) for c, cut in itertools.product(conditions, cuts)]
    return [(method, arguments, *OWNER) for method, arguments in made]


def comparable(call: Asked, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what may differ: the order of selected ids."""
    if call[0] == "getJobs" and answer["OK"]:
        return {**answer, "Value": sorted(answer["Value"])}
    return answer


def test_answers_are_those_of_legacy(legacy: Legacy, bridge: LiveServer, jobs: list[int]) -> None:
    asked = calls(jobs)
    assert len(asked) > 200
    theirs = by_legacy(legacy, "JobMonitoring", asked)
    with ours("JobMonitoring", bridge.url, legacy.api_key) as side:
        mine = side.answers(asked)
    found = [
        f"{call[0]}{call[1]}\n    legacy {their!r:.500}\n    ours   {our!r:.500}"
        for call, their, our in zip(asked, theirs, mine, strict=True)
        if comparable(call, their) != comparable(call, our)
    ]
    if found:
        pytest.fail(f"{len(found)} of {len(asked)} answers differ\n" + "\n".join(found[:20]), pytrace=False)


def test_others_of_the_vo_see_jobs_and_other_vos_do_not(legacy: Legacy, bridge: LiveServer, jobs: list[int]) -> None:
    asked: list[Asked] = [("getJobsStatus", (jobs,), *caller) for caller in (STRANGER, FOREIGNER)]
    with ours("JobMonitoring", bridge.url, legacy.api_key) as side:
        inside, outside = side.answers(asked)
    assert inside == by_legacy(legacy, "JobMonitoring", asked[:1])[0]
    assert outside == {"OK": True, "Value": {}}


def test_every_listed_difference_of_the_service_is_shown_here() -> None:
    listed = {difference.id for difference in DIFFERENCES if difference.service == JM}
    at_an_official_server = {"jm-upstream-routes"}
    assert listed == {"jm-vo", "jm-bad-id", "jm-bad-heartbeat", "jm-comma-ids", *at_an_official_server}


def test_ids_in_one_text_are_taken_for_parameters_too(legacy: Legacy, bridge: LiveServer, jobs: list[int]) -> None:
    asked: list[Asked] = [("getJobParameters", (form,), *OWNER) for form in (",".join(map(str, jobs)), jobs)]
    with ours("JobMonitoring", bridge.url, legacy.api_key) as side:
        text, numbers = side.answers(asked)
    assert text == numbers
    assert text["OK"]
    theirs = by_legacy(legacy, "JobMonitoring", asked)
    assert theirs[0].get("Raised") == "ValueError", theirs[0]
    assert theirs[1] == numbers


def test_what_is_no_id_is_named(legacy: Legacy, bridge: LiveServer) -> None:
    asked: list[Asked] = [("getJobsStatus", ("x",), *OWNER), ("getJobSummary", (None,), *OWNER)]
    with ours("JobMonitoring", bridge.url, legacy.api_key) as side:
        answers = side.answers(asked)
    assert [answer["OK"] for answer in answers] == [False, False]
    assert "'x' has something in it that is not a job id" in answers[0]["Message"]
    assert not any(answer["OK"] for answer in by_legacy(legacy, "JobMonitoring", asked))


def test_a_heartbeat_that_is_no_number_is_left_as_it_is(legacy: Legacy, bridge: LiveServer) -> None:
    job = legacy.new_job(status="Running")
    assert legacy.call("JobStateUpdate", "sendHeartBeat", job, {"LoadAverage": "high", "Vsize": "5"}, {})["OK"]
    asked: list[Asked] = [("getJobHeartBeatData", (job,), *OWNER)]
    with ours("JobMonitoring", bridge.url, legacy.api_key) as side:
        (answer,) = side.answers(asked)
    assert [beat[:2] for beat in sorted(answer["Value"])] == [["LoadAverage", "high"], ["Vsize", "5.0"]]
    assert not by_legacy(legacy, "JobMonitoring", asked)[0]["OK"]

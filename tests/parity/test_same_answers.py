"""The adapter and the real legacy handler, side by side: equal answers and equal rows for equal calls on twin jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests.live import LiveServer
from tests.parity.test_client_door import by_client
from tests.servers.legacy import Legacy

COLUMNS = ("Status", "MinorStatus", "ApplicationStatus", "Site")
TIMES = ("StartExecTime", "EndExecTime")


@dataclass(frozen=True)
class Case:
    """One call on a job in ``status``; ``arguments`` makes them from the job's id."""

    method: str
    arguments: Callable[[int], tuple[Any, ...]]
    status: str = "Received"


def later(second: int, micro: str = "") -> str:
    return f"2030-01-01 12:00:{second:02}{micro}"


def bulk(updates: dict[str, dict[str, str]], *more: Any, status: str = "Received", as_text: bool = False) -> Case:
    return Case("setJobStatusBulk", lambda job: (str(job) if as_text else job, updates, *more), status)


def call(method: str, *arguments: Any, status: str = "Received") -> Case:
    return Case(method, lambda job: (job, *arguments), status)


EARLIER = "2020-01-01 12:00:00"
BULK = [
    bulk({later(1): {"Status": "Checking"}}),
    bulk({later(1): {"Status": "Checking", "MinorStatus": "m", "ApplicationStatus": "a", "Source": "x"}}, as_text=True),
    bulk(
        {
            later(10): {"Status": "Checking", "MinorStatus": "JobSanity", "Source": "JobPath"},
            later(20): {"Status": "Waiting", "MinorStatus": "Pilot Agent Submission", "Source": "x"},
            later(15): {"ApplicationStatus": "app", "Source": ""},
        }
    ),
    bulk({later(1): {"Status": "Received", "MinorStatus": "same", "Source": "x"}}),
    bulk({later(1): {"Status": "", "MinorStatus": "", "ApplicationStatus": "", "Source": "x"}}),
    bulk({later(1): {"Nonsense": "y", "MinorStatus": "m", "Source": "x"}}),
    bulk({later(1, ".5"): {"MinorStatus": "five microseconds", "Source": "x"}}),
    bulk({later(1, ".250000"): {"MinorStatus": "a quarter", "Source": "s" * 40}}),
    bulk({EARLIER: {"Status": "Checking", "MinorStatus": "old", "Source": "x"}}, status="Waiting"),
    bulk({EARLIER: {"MinorStatus": "old"}, later(1): {"ApplicationStatus": "new"}}),
    bulk({later(1): {"Status": "Running", "MinorStatus": "m", "Source": "JobAgent"}}, status="Matched"),
    bulk(
        {later(1): {"Status": "Running"}, later(2): {"Status": "Completing"}, later(3): {"Status": "Done"}},
        status="Matched",
    ),
    bulk({later(1): {"Status": "Foo", "Source": "x"}}),
    bulk({later(1): {"Status": "Checking"}, later(2): {"Status": "Foo"}}),
    bulk({later(1): {"MinorStatus": "m"}}, status="Stalled"),
    bulk({later(1): {"Status": "Done", "Source": "x"}}, status="Stalled"),
    bulk({later(1): {"Status": "Checking", "MinorStatus": "m", "Source": "x"}}, status="Running"),
    bulk({later(1): {"Status": "Waiting", "MinorStatus": "m", "Source": "x"}}, True, status="Completing"),
    bulk({later(1): {"Status": "Running", "Source": "x"}}, status="Deleted"),
]
OTHERS = [
    call("setJobStatus", "Checking", "m", "src", later(5)),
    call("setJobStatus", "", "m", "", later(5)),
    call("setJobStatus", "", "", "src", later(5)),
    call("setJobApplicationStatus", ""),
    call("setJobAttribute", "Status", "Checking"),
    call("setJobAttribute", "Status", "Received"),
    call("setJobAttribute", "Status", "Running"),
    call("setJobAttribute", "Status", "Foo"),
    call("setJobAttribute", "Site", "LCG.A.b"),
    call("setJobAttribute", "Site", "ANY"),
    call("setJobAttribute", "MinorStatus", "by attribute"),
    call("setJobAttribute", "ApplicationStatus", "by attribute"),
    call("setJobAttribute", "StartExecTime", later(1)),
    call("setJobAttribute", "EndExecTime", later(2)),
    call("setJobAttribute", "HeartBeatTime", later(3)),
    call("setJobAttribute", "UserPriority", "3"),
    call("setJobAttribute", "Owner", "root"),
    call("setJobAttribute", "Foo", "x"),
    call("setJobSite", "LCG.C.d"),
    Case("setJobsParameter", lambda job: ({job: ["D", 5]},)),
    call("sendHeartBeat", {"CPUConsumed": "1.5"}, {"StandardOutput": "x"}, status="Running"),
    call("updateJobFromStager", "Done", status="Staging"),
    call("updateJobFromStager", "Failed", status="Staging"),
]
REFUSED = [
    bulk({later(1): {"MinorStatus": "m"}}),
    bulk({later(1): {"MinorStatus": "m"}}, as_text=True),
    call("setJobStatus", "Checking", "m", "src", later(5)),
    call("setJobApplicationStatus", "a"),
    call("setJobAttribute", "Site", "x"),
    call("setJobAttribute", "Owner", "x"),
    call("setJobSite", "x"),
    call("setJobParameter", "A", "b"),
    call("setJobParameters", [("A", "b")]),
    Case("setJobsParameter", lambda job: ({job: ["A", "b"]},)),
    call("sendHeartBeat", {}, {}),
    call("updateJobFromStager", "Done", status="Staging"),
]
FORCED = [
    bulk({later(1): {"Status": "Running", "MinorStatus": "m", "Source": "x"}}, True, status="Done"),
    bulk({later(1): {"Status": "Waiting", "Source": "x"}}, False, status="Killed"),
    call("setJobStatus", "Waiting", "m", "x", later(1), True, status="Done"),
]
UNKNOWN = [
    bulk({later(1): {"MinorStatus": "m"}}),
    call("setJobAttribute", "Site", "x"),
    call("setJobSite", "x"),
    call("sendHeartBeat", {}, {}),
    call("updateJobFromStager", "Done"),
]


def answer_of(result: dict[str, Any], job: int) -> dict[str, Any]:
    """What a caller sees of an answer, with the job's number taken out."""
    seen: dict[str, Any] = {name: result[name] for name in ("OK", "Value", "Errno") if name in result}
    if "Message" in result:
        seen["Message"] = result["Message"].replace(str(job), "<job>")
    return seen


def rows_of(legacy: Legacy, job: int) -> dict[str, Any]:
    """What the databases hold of a job, as far as it does not depend on when it was written."""
    attributes, log = legacy.state(job)
    return {
        **{name: attributes.get(name) for name in COLUMNS},
        **{name: attributes.get(name) is None for name in TIMES},
        "log": [(*row[1:4], *when(*row[4:6]), row[6]) for row in log[1:]],
    }


def when(time: datetime, order: object) -> tuple[str, str]:
    """The times of a log record; those of a call without a time are the moment of the call."""
    return (str(time), str(order)) if time.year in (2020, 2030) else ("now", "now")


def differing(legacy: Legacy, cases: list[Case], jobs: list[tuple[int, int]], user: str, group: str) -> str:
    """The cases that differ in their answers or rows, for people; empty if all are equal."""
    theirs = [
        legacy.call("JobStateUpdate", case.method, *case.arguments(job), user=user, group=group)
        for case, (job, _) in zip(cases, jobs, strict=True)
    ]
    calls = [(case.method, case.arguments(job)) for case, (_, job) in zip(cases, jobs, strict=True)]
    ours = by_client(legacy, *calls, user=user, group=group)["results"]
    lines = []
    for case, (first, second), their, our in zip(cases, jobs, theirs, ours, strict=True):
        twins = first != second
        left = (answer_of(their, first), rows_of(legacy, first) if twins else None)
        right = (answer_of(our, second), rows_of(legacy, second) if twins else None)
        if left != right:
            lines.append(f"{case.method}{case.arguments(second)} in {case.status}\n  legacy {left}\n  ours   {right}")
    return "\n".join(lines)


def twins(legacy: Legacy, cases: list[Case]) -> list[tuple[int, int]]:
    return [(legacy.new_job(status=case.status), legacy.new_job(status=case.status)) for case in cases]


@pytest.mark.parametrize(
    ("cases", "user", "group"),
    [
        pytest.param(BULK + OTHERS, "alice", "dirac_user", id="owner"),
        pytest.param(BULK[:3], "pilot", "dirac_pilot", id="pilot"),
        pytest.param(REFUSED, "bob", "dirac_user", id="stranger"),
        pytest.param(FORCED, "adminuser", "dirac_admin", id="administrator"),
    ],
)
def test_answers_and_rows_are_those_of_legacy(
    legacy: Legacy, bridge: LiveServer, cases: list[Case], user: str, group: str
) -> None:
    if report := differing(legacy, cases, twins(legacy, cases), user, group):
        pytest.fail(report, pytrace=False)


def test_answers_are_those_of_legacy_when_the_job_is_unknown(legacy: Legacy, bridge: LiveServer) -> None:
    unknown = [(99_999_999, 99_999_999)] * len(UNKNOWN)
    if report := differing(legacy, UNKNOWN, unknown, "adminuser", "dirac_admin"):
        pytest.fail(report, pytrace=False)


def test_rights_end_at_the_vo_when_legacy_lets_a_pilot_of_another_vo_in(legacy: Legacy, bridge: LiveServer) -> None:
    job = legacy.new_job()
    [result] = by_client(legacy, ("setJobSite", (job, "x")), user="carol", group="othervo_user")["results"]
    assert result["Message"] == f"Not authorized to modify job {job}"


def test_jobs_that_may_not_be_changed_are_left_out_as_legacy_does(legacy: Legacy, bridge: LiveServer) -> None:
    kinds = {"own": ("alice", "dirac_user"), "other": ("bob", "dirac_user"), "own too": ("alice", "dirac_user")}
    theirs, mine = ([legacy.new_job(owner=o, group=g) for o, g in kinds.values()] for _ in range(2))
    for order in ((0, 1, 2), (1, 0), (0, 2), (2, 1)):
        value = f"node{order}"
        arguments = [{jobs[place]: ["HostName", value] for place in order} for jobs in (theirs, mine)]
        their = legacy.call("JobStateUpdate", "setJobsParameter", arguments[0])
        [our] = by_client(legacy, ("setJobsParameter", (arguments[1],)))["results"]
        assert answer_of(our, mine[1]) == answer_of(their, theirs[1])
        assert their["OK"] == (1 not in order)
        stored = [
            [legacy.call("JobMonitoring", "getJobParameter", job, "HostName")["Value"] for job in jobs]
            for jobs in (theirs, mine)
        ]
        assert stored[0] == stored[1]
        assert [place for place in range(3) if stored[1][place].get("HostName") == value] == sorted({*order} - {1})


def test_call_that_comes_twice_leaves_the_rows_that_legacy_leaves(legacy: Legacy, bridge: LiveServer) -> None:
    other = ("updateJobFromStager", "Stalled")  # the job is not Staging any more; jsu-start-of-running
    cases = [case for case in (*BULK, *OTHERS) if case.method not in other and case.status not in other]
    pairs = twins(legacy, cases)
    first = differing(legacy, cases, pairs, "alice", "dirac_user")
    again = differing(legacy, cases, pairs, "alice", "dirac_user")
    if first or again:
        pytest.fail(f"first:\n{first}\nagain:\n{again}", pytrace=False)

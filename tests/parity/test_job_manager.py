"""Our routes and the real JobManager, side by side: the same requests leave the same rows.

What is different on purpose is in docs/explanation/job-life-cycle.md and named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.live import LiveServer
from tests.parity.rows import RowReader
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import Section

DESCRIPTIONS = (
    """[
    Executable = "/bin/echo"; Arguments = "hello %j"; JobName = "job %j"; StdOutput = "std.out"; StdError = "std.err";
    JobType = "User"; JobGroup = "parity"; OutputSandbox = {"std.out", "std.err"}; CPUTime = 1000;
    ]""",
    'Executable = "run.sh"',
    """
    Executable = "run.sh";
    Arguments = "--seed 7, 8 --name 'a b'";
    InputData = {"LFN:/dirac/user/a/alice/one", "/dirac/user/a/alice/two"};
    InputSandbox = {"SB:ProductionSandboxSE|/SandBox/a/alice.dirac_user/x.tar.bz2", "LFN:/dirac/user/a/alice/three"};
    Site = {"DIRAC.Bridge.ch", "ANY"};
    BannedSites = {"LCG.Other.org"};
    Priority = 5;
    Tags = {"GPU", "MultiProcessor"};
    NumberOfProcessors = 4;
    Numbers = {1, 2.5, "three"};
    LogLevel = verbose;
    JobType = Merge;
    """,
    'Executable = "x"; Site = "DIRAC.Bridge.ch"; Owner = "bob"; OwnerGroup = "dirac_prod"; Sub = [ A = "1"; B = 2; ];',
)
PARAMETRIC = """
    Executable = "/bin/echo"; Arguments = "%s %(F.x)s %n"; Parameters = 3; ParameterStart = 10; ParameterStep = 5;
    JobName = "n_%n"; InputData = "%(D)s"; Parameters.D = {"/dirac/a", "/dirac/b", "/dirac/c"};
"""
REFUSED = (
    'Executable = "x"; Priority = 99;',
    'Executable = "x"; Priority = "high";',
    'Executable = "x"; CPUTime = 5;',
    'Executable = "x"; JobType = "Nonsense";',
    'Executable = "x"; InputData = {"LFN:/othervo/a"};',
    'Executable = "x"; InputData = {"LFN:/dirac//a"};',
    'Executable = "x"; LogLevel = "LOUD";',
    'Executable = "x"; NumberOfProcessors = 5000;',
    'Executable = "x"; MinNumberOfProcessors = 4; MaxNumberOfProcessors = 2;',
    'Executable = "x"; Site = "ANY"; BannedSites = "ANY";',
    'Executable = "x"; InputSandbox = {"LFN:a"};',
    'Executable = "x"; VirtualOrganization = "othervo";',
    'Executable = "x"; Parameters = 100000;',
    'Executable = "x"; Parameters = {"a"}; Parameters.B = {"a", "b"};',
    'Executable = "x"; Parameters = 0;',
    'JobName = "no executable";',
)


FIRST_ID = 7_000_001
"""No number that stands in a description: ids are replaced to compare texts."""


class Both:
    """The two sides: the real JobManager and our routes, for alice."""

    def __init__(self, legacy: Legacy, bridge: LiveServer, urls: Mapping[str, str]) -> None:
        self.legacy = legacy
        self.reader = RowReader(urls)
        answer = httpx.get(
            f"{bridge.url}/api/auth/legacy-exchange",
            params={"preferred_username": "alice", "scope": "vo:dirac group:dirac_user property:NormalUser"},
            headers={"Authorization": f"Bearer {legacy.api_key}"},
        )
        token = answer.json()["access_token"]
        self.http = httpx.Client(base_url=f"{bridge.url}/api/jobs", headers={"Authorization": f"Bearer {token}"})

    def ours(self, what: str, job_ids: list[int], **more: Any) -> dict[str, Any]:
        answer = self.http.post(f"/{what}", json={"job_ids": job_ids, **more}, timeout=60)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def theirs(self, method: str, *arguments: Any) -> dict[str, Any]:
        return dict(self.legacy.call("JobManager", method, *arguments))

    def submit(self, jdl: str) -> list[int]:
        answer = self.http.post("/jdl", json=[jdl], timeout=60)
        assert answer.status_code == 201, answer.text
        return [job["JobID"] for job in answer.json()]


@pytest.fixture
def both(legacy: Legacy, bridge: LiveServer, mariadb_urls: Mapping[str, str]) -> Iterator[Both]:
    made = Both(legacy, bridge, mariadb_urls)
    made.reader.begin_with(FIRST_ID)
    with made.http, closing(made.reader):
        yield made


def test_submitted_jobs_have_the_same_rows_and_the_same_descriptions_are_refused(both: Both) -> None:
    # DiracX's configuration always has these two; DIRAC writes them into descriptions only if its own has
    modules: Section = {
        "InputDataPolicy": {"InputDataModule": "DIRAC.Core.Utilities.InputDataResolution"},
        "SoftwareDistModule": "LocalSoftwareDist",
    }
    both.legacy.configure({"Operations": {"Defaults": modules}})
    for jdl in (*DESCRIPTIONS, PARAMETRIC):
        answer = both.theirs("submitJob", jdl)
        assert answer["OK"], answer
        theirs = answer["Value"] if isinstance(answer["Value"], list) else [answer["Value"]]
        mine = both.submit(jdl)
        assert len(mine) == len(theirs)
        for my, their in zip(mine, theirs, strict=True):
            mine_rows, their_rows = both.reader.comparable(my), both.reader.comparable(their)
            for kind in ("JDL", "OriginalJDL"):
                # line by line, so that a difference is shown
                assert mine_rows["JobJDLs"][0][kind].split("\n") == their_rows["JobJDLs"][0][kind].split("\n")
            assert mine_rows == their_rows, jdl
    for jdl in REFUSED:
        assert not both.theirs("submitJob", jdl)["OK"], jdl
        answer = both.http.post("/jdl", json=[jdl])
        assert answer.status_code == 400, (jdl, answer.text)


STATES = (
    "Submitting", "Received", "Checking", "Waiting", "Matched", "Running", "Stalled", "Completing",
    "Completed", "Done", "Failed", "Killed", "Rescheduled",
)  # fmt: skip
"""All but Deleted, which DIRAC lets become anything, and Staging, for which it asks the StorageManagementDB."""


def twins(both: Both) -> list[tuple[int, int]]:
    """Two jobs of each state."""
    return [(both.legacy.new_job(status=s, minor="m"), both.legacy.new_job(status=s, minor="m")) for s in STATES]


def differing(both: Both, mine: int, theirs: int) -> dict[str, Any]:
    """What my job has and the other has not."""
    my, their = (both.reader.comparable(job) for job in (mine, theirs))
    found: dict[str, Any] = {}
    for table, rows in my.items():
        if table == "Jobs":
            found |= {name: value for name, value in rows[0].items() if value != their[table][0][name]}
        elif rows != their[table]:
            found[table] = [row for row in rows if row not in their[table]]
    return found


def test_ended_jobs_have_the_same_rows_but_for_the_log_and_the_end(both: Both) -> None:
    for what, method in (("kill", "killJob"), ("delete", "deleteJob")):
        end_twins(both, what, method)


def end_twins(both: Both, what: str, method: str) -> None:
    pairs = twins(both)
    told = both.ours(what, [mine for mine, _ in pairs])
    answer = both.theirs(method, [theirs for _, theirs in pairs])
    assert answer["OK"], answer
    state = "Killed" if what == "kill" else "Deleted"
    mine_ended = {mine for mine, _ in pairs if str(mine) not in told["failed"]}
    theirs_ended = set(answer["Value"])
    for status, (mine, theirs) in zip(STATES, pairs, strict=True):
        assert (mine in mine_ended) == (theirs in theirs_ended), status
        found = differing(both, mine, theirs)
        records = found.pop("LoggingInfo", [])
        assert [(record["StatusSource"]) for record in records] == ["JobManager"] * len(records)
        changed = str(mine) in told["success"]
        assert bool(records) == changed, status
        if changed and mine in mine_ended:
            assert records[-1]["Status"] == state
        assert set(found) <= {"EndExecTime"}, (status, found)


def test_rescheduled_jobs_have_the_same_rows_but_for_the_defaults_in_the_description(both: Both) -> None:
    pairs = twins(both)
    for job in pairs[-1]:
        both.legacy.ask("add_children", job)
        both.legacy.call("JobStateUpdate", "setJobParameters", job, [("HostName", "node"), ("Memory(MB)", 7)])
    told = both.ours("reschedule", [mine for mine, _ in pairs])
    assert told["failed"] == {}
    assert both.theirs("rescheduleJob", [theirs for _, theirs in pairs])["OK"]
    kept = [both.reader.comparable(job, "AtticJobParameters")["AtticJobParameters"] for job in pairs[-1]]
    assert [row for row in kept[0] if row["Name"] != "timestamp"] == [r for r in kept[1] if r["Name"] != "timestamp"]
    assert {row["Name"] for row in kept[0]} == {"HostName", "Memory(MB)", "JobID", "timestamp"}
    for mine, theirs in pairs:
        found = differing(both, mine, theirs)
        found.pop("AtticJobParameters", None)
        # theirs lacks the default priority
        ((text,),) = [[row["JDL"] for row in found.pop("JobJDLs")]]
        assert "Priority = 1;" in text
        assert found.pop("UserPriority") == 1
        assert found == {}


def test_removed_jobs_leave_nothing_and_confirmed_jobs_have_the_same_rows_but_for_the_log_and_the_time(
    both: Both,
) -> None:
    for statuses in (("Submitting", "Submitting"), ("Received", "Waiting"), ("Submitting", "Done")):
        mine, theirs = ([both.legacy.new_job(status=status) for status in statuses] for _ in range(2))
        told = both.ours("confirm", mine, atomic=True)
        answer = both.theirs("confirmBulkSubmission", theirs)
        assert answer["OK"] == (not told["failed"])
        for my, their in zip(mine, theirs, strict=True):
            assert set(differing(both, my, their)) <= {"LoggingInfo"}
    mine, theirs = (both.legacy.new_job(status="Running") for _ in range(2))
    for job in (mine, theirs):
        both.legacy.ask("add_children", job)
    assert both.ours("remove", [mine])["failed"] == {}
    assert both.theirs("removeJob", [theirs])["OK"]
    for job in (mine, theirs):
        assert not any(both.reader.comparable(job).values()), job


def test_what_is_read_is_what_job_monitoring_gives(both: Both) -> None:
    (job,) = both.submit(DESCRIPTIONS[2])
    both.legacy.ask("add_children", job)

    def monitoring(method: str, *arguments: Any) -> Any:
        answer = both.legacy.call("JobMonitoring", method, *arguments)
        assert answer["OK"], answer
        return answer["Value"]

    for original in (False, True):
        mine = both.http.get(f"/{job}/jdl", params={"original": original}).json()["JDL"]
        assert mine == monitoring("getJobJDL", job, original)
    log = [
        [*map(r.get, ("Status", "MinorStatus", "ApplicationStatus")), r["Source"]]
        for r in both.http.get(f"/{job}/log").json()
    ]
    assert log == [[*record[:3], record[4]] for record in monitoring("getJobLoggingInfo", job)]
    beats = both.http.get(f"/{job}/heartbeats").json()
    assert [(b["Name"], f"{float(b['Value']):.1f}") for b in beats] == [
        b[:2] for b in monitoring("getJobHeartBeatData", job)
    ]
    assert sorted(both.http.get(f"/{job}/input-data").json()) == sorted(monitoring("getInputData", job))
    both_jobs = both.ours("input-data", [job])
    assert {int(k): sorted(v) for k, v in both_jobs.items()} == {
        k: sorted(v) for k, v in monitoring("getInputData", [job]).items()
    }
    mine = both.ours("attributes", [job])[str(job)]
    theirs = monitoring("getJobSummary", job)
    assert set(mine) == set(theirs)
    texts = {name for name, value in theirs.items() if isinstance(value, str | int)} - {"VerifiedFlag", "AccountedFlag"}
    assert {name: mine[name] for name in texts} == {name: theirs[name] for name in texts}

"""Jobs that DiracX keeps from the caller explain that an answer differs, as far as they do, and hide no fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from diracx_bridge.legacy_adapters.dispatch.call import Caller
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison
from tests.parity.conftest import Serve
from tests.parity.test_compare import PILOT, Compared, planting
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import Section

SHARER = Caller("alice", "dirac_prod", "dirac")
OPERATOR = Caller("adminuser", "dirac_operator", "dirac")
OWN_JOBS_ONLY: Section = {
    "Operations": {"Defaults": {"Services": {"JobMonitoring": {"GlobalJobsInfo": "False"}}}},
}
Compare = Callable[..., Compared]


@pytest.fixture
def compare(legacy: Legacy, serve_bridge: Serve) -> Iterator[Compare]:
    """Starts the server, with a fault, and without ``GlobalJobsInfo`` if users are to see their own jobs only."""
    made: list[Compared] = []

    def start(*, own_jobs_only: bool, fault: str = "none") -> Compared:
        server = serve_bridge(OWN_JOBS_ONLY if own_jobs_only else {}, prelude=planting(fault))
        made.append(Compared(legacy, server.url))
        return made[0]

    yield start
    for compared in made:
        with closing(compared):
            pass


def hidden_job(legacy: Legacy, *, own_jobs_only: bool) -> int:
    """A job that alice does not see: bob's, or where she sees those of her VO, carol's of another one."""
    owner, group = ("bob", "dirac_user") if own_jobs_only else ("carol", "othervo_user")
    job = legacy.new_job(status="Running", owner=owner, group=group)
    for method, *arguments in (
        ("setJobParameter", job, "HostName", "node1"),
        ("sendHeartBeat", job, {"CPUConsumed": "12.5"}, {}),
    ):
        assert legacy.call("JobStateUpdate", method, *arguments, user="pilot", group="dirac_pilot")["OK"]
    return job


@pytest.mark.parametrize("own_jobs_only", [False, True])
def test_reads_of_hidden_jobs_differ_by_declaration(legacy: Legacy, compare: Compare, own_jobs_only: bool) -> None:
    compared = compare(own_jobs_only=own_jobs_only)
    seen, hidden = legacy.new_job(status="Running"), hidden_job(legacy, own_jobs_only=own_jobs_only)
    several = [seen, hidden]
    differing = [
        ("getJobs", {"Status": "Running"}),
        *((method, several) for method in ("getJobsStates", "getJobsStatus", "getJobsMinorStatus", "getJobsSites")),
        ("getJobsApplicationStatus", f"{seen},{hidden}"),
        ("getJobsSummary", several),
        ("getJobsStatus", hidden),
        ("getJobsStatus", str(hidden)),
        ("getJobSummary", hidden),
        ("getJobAttributes", hidden, ["Site"]),
        ("getJobAttribute", hidden, "Site"),
        ("getJobLoggingInfo", hidden),
        ("getJobJDL", hidden, True),
        ("getJobHeartBeatData", hidden),
        ("getJobParameters", several),
        ("getJobParameter", hidden, "HostName"),
    ]
    for call in differing:
        assert compared.call(*call)["OK"], call
    assert [seen.comparison for seen in compared.seen] == [Comparison.DIFFERENCE] * len(differing), compared.found
    compared.seen.clear()
    for call in (("getJobsStatus", [seen]), ("getJobs", {"Owner": "alice"}), ("getInputData", several)):
        assert compared.call(*call)["OK"], call
    assert compared.comparisons() == {Comparison.EQUAL: 3}
    assert compared.found == []


def test_who_may_see_the_jobs_of_the_vo_has_no_difference(legacy: Legacy, compare: Compare) -> None:
    compared = compare(own_jobs_only=True)
    jobs = [legacy.new_job(status="Running"), hidden_job(legacy, own_jobs_only=True)]
    for call in (("getJobsStatus", jobs), ("getJobLoggingInfo", jobs[1]), ("getJobParameters", jobs)):
        assert compared.call(*call, caller=PILOT)["OK"], call
    assert compared.comparisons() == {Comparison.EQUAL: 3}, compared.found


def test_a_job_of_the_group_is_hidden_from_searches_only(legacy: Legacy, compare: Compare) -> None:
    compared = compare(own_jobs_only=True)
    shared = legacy.new_job(status="Running", owner="bob", group="dirac_prod")
    for call in (("getJobsStatus", [shared]), ("getJobJDL", shared, True)):
        assert compared.call(*call, caller=SHARER)["OK"]
    assert [seen.comparison for seen in compared.seen] == [Comparison.DIFFERENCE, Comparison.EQUAL], compared.found


def test_group_that_may_read_no_jobs_differs_by_declaration(legacy: Legacy, compare: Compare) -> None:
    compared = compare(own_jobs_only=False)
    job = legacy.new_job(status="Running")
    for call in (("getJobsStatus", [job]), ("getJobs", {"Owner": "alice"}), ("getJobJDL", job, True)):
        assert compared.call(*call, caller=OPERATOR)["OK"]
    assert compared.comparisons() == {Comparison.DIFFERENCE: 3}, compared.found


def test_writes_to_jobs_of_another_vo_differ_by_declaration(legacy: Legacy, compare: Compare) -> None:
    compared = compare(own_jobs_only=False)
    own, hidden = legacy.new_job(status="Running"), hidden_job(legacy, own_jobs_only=False)
    update = {"2030-01-01 12:00:00": {"MinorStatus": "by a pilot of another VO", "Source": "Job_1"}}
    for call in (
        ("setJobStatusBulk", hidden, update),
        ("setJobSite", str(hidden), "LCG.Bridge.ch"),
        ("setJobsParameter", {own: ["HostName", "node1"], hidden: ["HostName", "node1"]}),
        ("sendHeartBeat", hidden, {"CPUConsumed": 1}, {}),
    ):
        assert compared.call(*call, caller=PILOT)["OK"]
    assert compared.comparisons() == {Comparison.DIFFERENCE: 4}, compared.found


def test_fault_about_a_visible_job_is_found_beside_hidden_ones(legacy: Legacy, compare: Compare) -> None:
    compared = compare(own_jobs_only=True, fault="wrong in reads")
    seen, hidden = legacy.new_job(status="Running"), hidden_job(legacy, own_jobs_only=True)
    minor = legacy.call("JobMonitoring", "getJobsMinorStatus", [seen])["Value"][seen]
    assert legacy.call("JobStateUpdate", "setJobParameter", seen, "HostName", "node1")["OK"]
    compared.call("getJobsMinorStatus", [seen, hidden])
    compared.call("getJobParameters", [hidden, seen], "HostName")
    assert compared.comparisons() == {Comparison.MISMATCH: 2}
    statuses, parameters = compared.found
    assert (statuses.legacy["Value"], statuses.diracx["Value"]) == (
        {str(seen): minor},
        {str(seen): {"MinorStatus": "Something else"}},
    )
    assert parameters.legacy["Value"] == {str(seen): {"HostName": "node1"}}
    assert parameters.diracx["Value"] == {str(seen): {"HostName": "another"}}


def test_visible_job_that_is_not_found_is_a_mismatch(legacy: Legacy, compare: Compare) -> None:
    compared = compare(own_jobs_only=True, fault="lost jobs")
    hidden = hidden_job(legacy, own_jobs_only=True)
    seen = [legacy.new_job(status="Running") for _ in range(2)]
    compared.call("getJobs", {"Status": "Running"})
    compared.call("getJobsStatus", [hidden, *seen])
    compared.call("getJobsStatus", [seen[0]])
    assert compared.comparisons() == {Comparison.MISMATCH: 3}
    lists = compared.found[0]
    assert set(lists.legacy["Value"]) - set(lists.diracx["Value"]) == {str(seen[1])}
    assert str(hidden) not in lists.legacy["Value"], "the ledger learns no more than it needs"


def test_pilots_that_are_refused_their_own_job_are_found_beside_hidden_ones(legacy: Legacy, compare: Compare) -> None:
    compared = compare(own_jobs_only=False, fault="403 for pilots")
    own, hidden = legacy.new_job(status="Running"), hidden_job(legacy, own_jobs_only=False)
    for jobs in ((own, hidden), (hidden, own)):
        assert compared.call("setJobsParameter", {job: ["HostName", "n"] for job in jobs}, caller=PILOT)["OK"]
    assert compared.comparisons() == {Comparison.MISMATCH: 2}

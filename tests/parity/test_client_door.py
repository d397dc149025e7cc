"""DIRAC's own client class goes through the adapter, and the real legacy service reads what was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from diracx_bridge.legacy_adapters.compare.noise import same_form
from tests.live import LiveServer
from tests.parity.conftest import Serve
from tests.parity.test_job_monitoring import calls, jobs
from tests.servers.legacy import Legacy

__all__ = ["jobs"]  # a fixture

SCRIPTS = Path(__file__).parent / "scripts"
Call = tuple[str, tuple[Any, ...]]


def by_client(legacy: Legacy, *calls: Call, user: str = "alice", group: str = "dirac_user") -> dict[str, Any]:
    """What DIRAC's ``JobStateUpdateClient`` returns for these calls in a process of this user."""
    answered: dict[str, Any] = legacy.run(
        SCRIPTS / "call_client.py", group, list(calls), user=user, group=group, bridge=True, services=True
    )
    assert answered["served by"] == "diracx_bridge.legacy_adapters.dirac.future_client"
    return answered


def seconds_from_now(seconds: int) -> str:
    """A time stamp as DIRAC sends it."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")


def test_job_runs_through_the_adapter_and_legacy_reads_the_same_rows(legacy: Legacy, bridge: LiveServer) -> None:
    job = legacy.new_job(status="Matched")
    running, app = seconds_from_now(2), seconds_from_now(4)
    bulk = {
        running: {"Status": "Running", "MinorStatus": "Job Initialization", "Source": "JobWrapper"},
        app: {"ApplicationStatus": "step 1", "Source": "Job_1"},
    }
    answered = by_client(
        legacy,
        ("setJobStatusBulk", (job, bulk)),
        ("sendHeartBeat", (str(job), {"CPUConsumed": "12.5", "LoadAverage": 0.5}, {"StandardOutput": "hello"})),
        ("setJobParameters", (job, [("HostName", "node1"), ("CPUNormalizationFactor", 10)])),
        ("setJobSite", (job, "LCG.Bridge.ch")),
    )
    assert len(answered["exchanges"]) == len(answered["results"])
    values = [(result["OK"], result.get("Value", result.get("Message"))) for result in answered["results"]]
    assert values == [
        (True, (["MinorStatus", "ApplicationStatus"], ["Job Initialization", "step 1"])),
        (True, {}),
        (True, None),
        (True, 1),
    ]
    attributes, log = legacy.state(job)
    assert (attributes["Status"], attributes["MinorStatus"]) == ("Running", "Job Initialization")
    assert (attributes["ApplicationStatus"], attributes["Site"]) == ("step 1", "LCG.Bridge.ch")
    assert str(attributes["StartExecTime"]) == running
    assert [(row[1], row[2], row[3], str(row[4]), row[6]) for row in log[-2:]] == [
        ("Running", "Job Initialization", "idem", running, "JobWrapper"),
        ("idem", "idem", "step 1", app, "Job_1"),
    ]
    beats = legacy.call("JobMonitoring", "getJobHeartBeatData", job)["Value"]
    assert sorted((name, value) for name, value, _ in beats) == [("CPUConsumed", "12.5"), ("LoadAverage", "0.5")]
    parameters = legacy.call("JobMonitoring", "getJobParameters", job)["Value"][job]
    assert {name: parameters[name] for name in ("HostName", "CPUNormalizationFactor", "StandardOutput")} == {
        "HostName": "node1",
        "CPUNormalizationFactor": 10,
        "StandardOutput": "hello",
    }


def test_every_way_to_a_switched_service_goes_through_the_door(legacy: Legacy, bridge: LiveServer) -> None:
    job = legacy.new_job()
    found = legacy.run(SCRIPTS / "doors.py", "dirac_user", job, bridge=True, services=True)
    for way, minor in (
        ("bare client", "bare client"),
        ("url at call time", "call time"),
        ("legacy stub", "executed stub"),
    ):
        assert found[way] == {"OK": True, "Value": (["MinorStatus"], [minor])}, way
    for way in ("queued legacy stub", "own stub"):
        assert found[way] == {"OK": True, "Value": None, "operation": "Done"}, way
    _, log = legacy.state(job)
    minors = [row[2] for row in log]
    ways = ["no token", "client class", "bare client", "call time", "legacy stub", "executed stub", "own stub"]
    assert minors[1:] == [*ways, "last good"]


def test_door_says_what_is_wrong_and_leaves_other_services_alone(legacy: Legacy, bridge: LiveServer) -> None:
    found = legacy.run(SCRIPTS / "doors.py", "dirac_user", legacy.new_job(), bridge=True, services=True)
    assert found["no token in the proxy"]["OK"], "legacy stands in"
    assert found["stub"]["dMod"] == "diracx_bridge.legacy_adapters.dirac.future_client"
    assert found["method without equivalent"]["Value"]["name"] == "WorkloadManagement/JobStateUpdate", (
        "legacy stands in"
    )
    assert not found["wrong arguments"]["OK"]
    assert found["contradiction after good rules"]["OK"], "the last good rules stay in force"
    assert found["service that is not switched"] is True
    name, known_to_dirac, message = found["switched without adapter"]
    assert (name, known_to_dirac) == ("NoAdapter", True)
    assert "/DiracX/FutureClientEnabled/WorkloadManagement/WMSAdministrator" in message
    name, _, message = found["contradiction"]
    assert name == "ConfigurationError"
    assert "FutureClientEnabled" in message
    assert "LegacyClientEnabled" in message
    assert found["known hook points"] == []
    assert "RPCClientSelector with diracxClient" in found["moved hook points"][0]
    reason, warned, unchanged = found["door on a DIRAC whose hook points moved"]
    assert "Client._getRPC does not call RPCClientSelector with diracxClient" in reason
    assert f"the client door of diracx-bridge stays closed: {reason}" in warned
    assert unchanged


def test_call_that_nobody_can_carry_out_has_a_stub_that_is_carried_out_later(
    legacy: Legacy, bridge: LiveServer
) -> None:
    job = legacy.new_job()
    found = legacy.run(SCRIPTS / "no_fallback.py", "dirac_user", job, bridge=True, services=True)
    failed, refused, later = found["failed"], found["not replayable"], found["later"]
    assert not failed["OK"]
    assert "could not be carried out there" in failed["Message"]
    assert failed["rpcStub"]["args"][0] == job
    assert "rpcStub" not in refused
    assert later == {"OK": True, "Value": None, "operation": "Done"}
    assert [row[2] for row in legacy.state(job)[1][1:]] == ["kept"], "once"


def test_job_monitoring_client_gives_what_legacy_gives_and_asks_diracx_alone(
    legacy: Legacy, serve_bridge: Serve, jobs: list[int]
) -> None:
    asking = [call[:2] for call in calls(jobs)]
    found = {}
    for switch in ("No", "Yes"):
        server = serve_bridge({"DiracX": {"FutureClientEnabled": {"WorkloadManagement": {"JobMonitoring": switch}}}})
        found[switch] = legacy.run(
            SCRIPTS / "call_client.py", "dirac_user", asking, "JobMonitoring", bridge=True, services=True
        )
        server.process.terminate()
        server.process.wait()
    left, right = found["No"], found["Yes"]
    assert left["exchanges"] == []
    assert len(right["exchanges"]) >= len(asking) - 20, "some are refused before anybody is asked"
    assert right["served by"] == "diracx_bridge.legacy_adapters.dirac.future_client"
    differ = [
        (call, their, our)
        for call, their, our in zip(asking, left["results"], right["results"], strict=True)
        if same_form(seen(their), ordered=call[0] != "getJobs") != same_form(seen(our), ordered=call[0] != "getJobs")
    ]
    assert differ == []


def seen(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("OK", "Value", "Errno", "Message") if name in answer}


def test_bridge_adds_less_than_150_ms_to_the_start_of_a_dirac_process(legacy: Legacy) -> None:
    runs = [legacy.run(SCRIPTS / "import_cost.py", bridge=True) for _ in range(3)]
    assert runs[0]["heavy"] == [], "an unrouted process loads no HTTP client and no official client"
    assert min(run["door"] + run["first call"] for run in runs) < 0.150

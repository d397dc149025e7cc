"""Real DIRAC services with our handler, over HTTPS and DISET, called by clients that know nothing of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from diracx_bridge.client import LegacyExchange, SyncDiracxClient
from diracx_bridge.legacy_adapters.compare.noise import same_form
from diracx_bridge.legacy_adapters.routing.stages import Route, Side, Stage
from diracx_bridge.legacy_adapters.routing.sticky import side_of
from tests.live import LiveServer
from tests.parity.conftest import Serve
from tests.parity.routes_asked import asked
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import Section

SCRIPT = Path(__file__).parent / "scripts" / "plain_calls.py"
HTTPS, DISET = "WorkloadManagement/JobStateUpdate", "WorkloadManagement/DisetJobStateUpdate"
HANDLERS = "diracx_bridge/legacy_adapters/dirac/handlers"
STATUS, EXCHANGE = "PATCH /api/jobs/status", "GET /api/auth/legacy-exchange"
Call = tuple[str, str, tuple[Any, ...]]


def routed(name: str = "JobStateUpdate", **options: Any) -> Section:
    """The CS with our handlers behind both transports of a service, and its routing."""
    services: Section = {
        name: {"HandlerPath": f"{HANDLERS}/Tornado{name}Handler.py"},
        f"Diset{name}": {"HandlerPath": f"{HANDLERS}/{name}Handler.py"},
    }
    return {
        "Systems": {"WorkloadManagement": {"Services": services}},
        "DiracX": {"Bridge": {"WorkloadManagement": {name: options}}},
    }


def call(legacy: Legacy, *calls: Call, user: str = "alice", group: str = "dirac_user") -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = legacy.run(SCRIPT, list(calls), user=user, group=group, services=True)
    return answers


Override = Callable[[str], None]


@pytest.fixture
def override(legacy: Legacy) -> Iterator[Override]:
    """Writes a stage into the routing file of the host on which the services run, and waits until they see it."""
    path = legacy.folder / "root" / "etc" / "diracx-bridge-routing.cfg"

    def write(stage: str) -> None:
        path.write_text(f"WorkloadManagement\n{{\n  JobStateUpdate\n  {{\n    Stage = {stage}\n  }}\n}}\n")
        time.sleep(2)

    yield write
    path.unlink(missing_ok=True)


def bulk(job: int, service: str, second: int, minor: str) -> Call:
    return (service, "setJobStatusBulk", (job, {f"2030-01-01 12:00:{second:02}": {"MinorStatus": minor}}))


def ledger(legacy: Legacy, server: LiveServer) -> Counter[tuple[str, ...]]:
    """What the services have counted, once their batches have come: calls by method, VO, stage and side."""
    time.sleep(7)
    with LegacyExchange(server.url, legacy.api_key) as exchange:
        source = exchange.source("adminuser", "dirac", "dirac_admin", ["JobAdministrator"])
        with SyncDiracxClient(server.url, tokens=source) as client:
            lines = client.request("GET", "/api/bridge/ledger/calls").json()
    counted: Counter[tuple[str, ...]] = Counter()
    assert {line["comparison"] for line in lines if line["stage"] == "compare"} <= {"equal", "difference"}
    for line in lines:
        counted[line["method"], line["vo"], line["stage"], line["side"]] += line["count"]
    return counted


def test_old_clients_are_served_by_diracx_over_both_transports_and_legacy_stands_by(
    legacy: Legacy, serve_bridge: Serve, override: Override
) -> None:
    server = serve_bridge(routed(VOs={"dirac": {"Stage": "live"}, "othervo": {"Stage": "legacy"}}), bridged=True)
    job = legacy.new_job()
    results = call(
        legacy,
        *(bulk(job, service, second, f"m{second}") for second, service in enumerate((HTTPS, DISET) * 3)),
        (HTTPS, "setJobSite", (job, "LCG.Bridge.ch")),
        (DISET, "setJobSite", (str(job), "LCG.Other.ch")),
        (HTTPS, "setJobParameter", (job, "Memory", "12")),
        (DISET, "setJobAttribute", (job, "Owner", "root")),
        (DISET, "setJobSite", (job, 5)),
        (HTTPS, "ping", ()),
    )
    assert [result.get("Value") for result in results[:8]] == [
        *([["MinorStatus"], [f"m{second}"]] for second in range(6)), 1, 1
    ]  # fmt: skip
    assert results[9]["Message"] == "Job attribute 'Owner' cannot be modified through JobStateUpdate"
    assert "Type mismatch in parameter 1" in results[10]["Message"]
    assert results[11]["OK"]
    attributes, log = legacy.state(job)
    assert attributes["Site"] == "LCG.Other.ch"
    assert [row[2] for row in log[1:]] == [f"m{second}" for second in range(6)]
    seen = asked(server)
    assert seen[STATUS] == 6
    assert seen["PATCH /api/bridge/jobs/attributes"] == 2
    assert seen[EXCHANGE] == 2, "one token for each of the two processes"

    [refused] = call(legacy, (HTTPS, "setJobSite", (job, "x")), user="bob")
    assert refused["Message"] == f"Not authorized to modify job {job}"
    [other] = call(legacy, bulk(job, HTTPS, 20, "other VO"), user="carol", group="othervo_user")
    assert other["Message"] == f"Not authorized to modify job {job}"
    assert asked(server)[STATUS] == 6, "the other VO stays with legacy"

    override("legacy")
    assert call(legacy, bulk(job, HTTPS, 21, "back"), bulk(job, DISET, 22, "back"))[1]["OK"]
    assert asked(server)[STATUS] == 6, "rolled back within 5 s, without a restart"
    override("live")
    assert call(legacy, bulk(job, HTTPS, 23, "again"))[0]["OK"]
    assert asked(server)[STATUS] == 7

    override("canary\n    Percent = 40")
    jobs = [legacy.new_job() for _ in range(30)]
    moved = [one for one in jobs if side_of(Route(Stage.CANARY, 40), one) is Side.DIRACX]
    assert 0 < len(moved) < len(jobs)
    assert all(result["OK"] for result in call(legacy, *(bulk(one, HTTPS, 1, "canary") for one in jobs)))
    assert asked(server)[STATUS] == 7 + len(moved), "the jobs that the hash names, and no others"
    assert all(legacy.state(one)[1][-1][2] == "canary" for one in jobs)

    override("compare")
    assert call(legacy, bulk(job, HTTPS, 24, "compared"), bulk(job, DISET, 25, "compared"))[1]["OK"]
    assert asked(server)[STATUS] == 7 + len(moved), "legacy answers"
    assert asked(server)["POST /api/bridge/rehearsals"] == 2

    counted = ledger(legacy, server)
    assert counted["setJobStatusBulk", "dirac", "compare", "legacy"] == 2
    assert counted["setJobStatusBulk", "dirac", "live", "diracx"] == 7
    assert counted["setJobStatusBulk", "dirac", "canary", "diracx"] == len(moved)
    assert counted["setJobStatusBulk", "dirac", "canary", "legacy"] == len(jobs) - len(moved)
    assert counted["setJobStatusBulk", "dirac", "legacy", "legacy"] == 2
    assert {vo for _, vo, _, _ in counted} == {"dirac"}, "those of the other VO are shown to its own administrators"

    server.process.kill()
    server.process.wait()
    ways = enumerate((HTTPS, DISET) * 4, 30)
    lost = call(legacy, *(bulk(job, service, second, "standby") for second, service in ways))
    assert all(result["OK"] for result in lost)
    _, log = legacy.state(job)
    assert [row[2] for row in log].count("standby") == 8, "no call is lost"


def test_retired_service_refuses_legacy_with_a_helpful_message(legacy: Legacy, serve_bridge: Serve) -> None:
    server = serve_bridge(routed(Stage="retired"), bridged=True)
    job = legacy.new_job()
    assert call(legacy, bulk(job, HTTPS, 1, "m"))[0]["OK"]
    server.process.kill()
    server.process.wait()
    [refused] = call(legacy, bulk(job, DISET, 2, "m"))
    assert f"The legacy service is retired here (/DiracX/Bridge/{HTTPS}/Stage)" in refused["Message"]


def test_job_monitoring_gives_the_same_by_either_side_and_transport(legacy: Legacy, serve_bridge: Serve) -> None:
    methods = {"getJobsStatus": {"Stage": "legacy"}, "getJobSummary": {"Stage": "compare"}}
    server = serve_bridge(routed("JobMonitoring", Stage="live", Methods=methods), bridged=True)
    jobs = [legacy.new_job() for _ in range(3)]
    asking = [
        (service, method, arguments)
        for method, arguments in (
            ("getJobsStates", (jobs,)),
            ("getJobAttribute", (jobs[0], "Status")),
            ("getJobLoggingInfo", (jobs[0],)),
            ("getJobs", ({"Owner": "alice"},)),
            ("getJobsStatus", (jobs,)),
            ("getJobSummary", (jobs[0],)),
        )
        for service in ("WorkloadManagement/JobMonitoring", "WorkloadManagement/DisetJobMonitoring")
    ]
    by_route = call(legacy, *asking)
    assert [(asking[n], result) for n, result in enumerate(by_route) if not result["OK"]] == []
    assert [forms(result) for result in by_route[::2]] == [forms(result) for result in by_route[1::2]]
    assert sum(asked(server).values()) >= 8, "the four live methods, over both transports"
    server.process.kill()
    server.process.wait()
    assert [forms(result) for result in call(legacy, *asking)] == [forms(result) for result in by_route]


def forms(result: dict[str, Any]) -> Any:
    """A value in the form in which equal values are equal."""
    return same_form(result["Value"], ordered=False)

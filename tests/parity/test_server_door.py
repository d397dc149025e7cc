"""Handlers of ours in the stages at the ends, and of JobMonitoring, called by clients that know nothing of them."""

from __future__ import annotations

from typing import Any

from diracx_bridge.legacy_adapters.compare.noise import same_form
from tests.parity.conftest import Serve
from tests.parity.routed_services import DISET, HTTPS, bulk, call, routed
from tests.parity.routes_asked import asked
from tests.servers.legacy import Legacy


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

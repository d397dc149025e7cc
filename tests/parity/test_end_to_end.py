"""Two VOs on their way from legacy to DiracX: services, clients with proxies, an outage, and books that add up."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from diracx_bridge.client import LegacyExchange, SyncDiracxClient
from diracx_bridge.core.routing.stages import Route, Side, Stage
from diracx_bridge.core.routing.sticky import side_of
from diracx_bridge.legacy_adapters.dispatch.breaker import REST
from tests.live import LiveServer
from tests.parity.conftest import Serve
from tests.parity.routed_services import DISET, HTTPS, SCRIPTS, bulk, call, routed
from tests.parity.routes_asked import asked
from tests.servers.legacy import Legacy

STATUS, ATTRIBUTE = "PATCH /api/jobs/status", "PATCH /api/bridge/jobs/attributes"
EXCHANGE, REHEARSAL = "GET /api/auth/legacy-exchange", "POST /api/bridge/rehearsals"
BULK = "setJobStatusBulk"
CANARY = Route(Stage.CANARY, 10)
JOBS = 5000
Counted = Counter[tuple[str, ...]]
"""Calls by method, VO, stage, side and outcome."""


class Installation:
    """Services of two VOs, dirac live and othervo legacy, with DiracX; ``expected`` is what was called."""

    def __init__(self, legacy: Legacy, serve: Serve) -> None:
        self.legacy, self._serve = legacy, serve
        self._override = legacy.folder / "root" / "etc" / "diracx-bridge-routing.cfg"
        self.expected: Counted = Counter()
        self.server = self.start()

    def start(self) -> LiveServer:
        """DiracX, for the first time or again."""
        stages = {"dirac": {"Stage": "live"}, "othervo": {"Stage": "legacy"}}
        self.server = self._serve(routed(VOs=stages), bridged=True)
        return self.server

    def kill(self) -> None:
        self.server.process.kill()
        self.server.process.wait()

    def route(self, stage: str) -> None:
        """Write a stage for everybody on the host of the services; two seconds later they have seen it."""
        self._override.write_text(f"WorkloadManagement\n{{\n  JobStateUpdate\n  {{\n    Stage = {stage}\n  }}\n}}\n")
        time.sleep(2)

    @property
    def same_routing(self) -> dict[str, str]:
        """The variable by which a process follows the file that `route` writes."""
        return {"DIRACX_BRIDGE_ROUTING_FILE": str(self._override)}

    def close(self) -> None:
        self._override.unlink(missing_ok=True)

    def expect(self, number: int, method: str, stage: str, side: str, *, vo: str = "dirac", ok: bool = True) -> None:
        self.expected[method, vo, stage, side, "ok" if ok else "error"] += number

    def ledger(self) -> Counted:
        """What the ledger tells an administrator of the VO dirac."""
        counted: Counted = Counter()
        with LegacyExchange(self.server.url, self.legacy.api_key) as exchange:
            source = exchange.source("adminuser", "dirac", "dirac_admin", ["JobAdministrator"])
            with SyncDiracxClient(self.server.url, tokens=source) as client:
                for line in client.request("GET", "/api/bridge/ledger/calls").json():
                    names = ("method", "vo", "stage", "side", "outcome")
                    counted[tuple(line[name] for name in names)] += line["count"]
                    assert line["comparison"] in (("equal", "difference") if line["stage"] == "compare" else ("",))
        return counted

    def metrics(self) -> Counted:
        """What the metrics of DiracX tell, of all VOs, since its start."""
        counted: Counted = Counter()
        for family in text_string_to_metric_families(httpx.get(f"{self.server.url}/metrics").text):
            for sample in family.samples:
                if sample.name == "diracx_bridge_routed_calls_total":
                    names = ("method", "vo", "stage", "side", "outcome")
                    counted[tuple(sample.labels[name] for name in names)] += int(sample.value)
        return counted

    def dropped(self) -> int:
        """Calls of which DIRAC's services do not know whether they are in the ledger, as told since its start."""
        metrics = httpx.get(f"{self.server.url}/metrics").text
        return next(
            int(sample.value)
            for family in text_string_to_metric_families(metrics)
            for sample in family.samples
            if sample.name == "diracx_bridge_ledger_dropped_total"
        )

    def settle(self, number: int, *, within: float) -> None:
        """Wait until the ledger has as many calls as were made, which is some seconds after the last one."""
        end = time.monotonic() + within
        while self.ledger().total() + self.dropped() < number and time.monotonic() < end:
            time.sleep(0.5)


@pytest.fixture
def installation(legacy: Legacy, serve_bridge: Serve) -> Iterator[Installation]:
    made = Installation(legacy, serve_bridge)
    yield made
    made.close()


def test_two_vos_move_by_stages_without_a_lost_call_and_the_books_are_true(installation: Installation) -> None:
    job = installation.legacy.new_job()
    each_vo_is_in_its_stage(installation, job)
    a_stage_is_flipped_and_taken_back(installation, job)
    a_tenth_of_the_jobs_moves(installation)
    a_tenth_of_the_jobs_moves_over_both_transports(installation)
    legacy_is_compared(installation, job)
    the_books_are_true(installation)
    an_outage_loses_no_call_and_is_in_the_books(installation, job)


def each_vo_is_in_its_stage(installation: Installation, job: int) -> None:
    legacy, server = installation.legacy, installation.server
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
    assert "Type mismatch in parameter 1" in results[10]["Message"], "the service refuses it before our handler"
    assert results[11]["OK"]
    attributes, log = legacy.state(job)
    assert attributes["Site"] == "LCG.Other.ch"
    assert [row[2] for row in log[1:]] == [f"m{second}" for second in range(6)]
    seen = asked(server)
    assert (seen[STATUS], seen[ATTRIBUTE]) == (6, 2)
    assert seen[EXCHANGE] == 2, "one token for each of the two processes"
    installation.expect(6, BULK, "live", "diracx")
    installation.expect(2, "setJobSite", "live", "diracx")
    installation.expect(1, "setJobParameter", "live", "diracx")
    installation.expect(1, "setJobAttribute", "live", "diracx", ok=False)

    [refused] = call(legacy, (HTTPS, "setJobSite", (job, "x")), user="bob")
    assert refused["Message"] == f"Not authorized to modify job {job}"
    installation.expect(1, "setJobSite", "live", "diracx", ok=False)
    carols = legacy.new_job(owner="carol", group="othervo_user")
    calls = (bulk(job, HTTPS, 20, "other VO"), bulk(carols, HTTPS, 20, "hers"), bulk(carols, DISET, 21, "hers"))
    other, *own = call(legacy, *calls, user="carol", group="othervo_user")
    assert other["Message"] == f"Not authorized to modify job {job}"
    assert all(result["OK"] for result in own)
    assert asked(server)[STATUS] == 6, "the other VO stays with legacy"
    installation.expect(1, BULK, "legacy", "legacy", vo="othervo", ok=False)
    installation.expect(2, BULK, "legacy", "legacy", vo="othervo")


def a_stage_is_flipped_and_taken_back(installation: Installation, job: int) -> None:
    begun = time.monotonic()
    installation.route("legacy")
    assert all_ok(call(installation.legacy, bulk(job, HTTPS, 22, "back"), bulk(job, DISET, 23, "back")))
    assert asked(installation.server)[STATUS] == 6
    assert time.monotonic() - begun < 5, "rolled back within 5 s, both services, without a restart"
    installation.expect(2, BULK, "legacy", "legacy")
    installation.route("live")
    assert all_ok(call(installation.legacy, bulk(job, HTTPS, 24, "again"), bulk(job, DISET, 25, "again")))
    assert asked(installation.server)[STATUS] == 8
    installation.expect(2, BULK, "live", "diracx")


def a_tenth_of_the_jobs_moves(installation: Installation) -> None:
    """Through the door in a process of its own, which has the routing of the services; a job keeps its side."""
    installation.route("canary\n    Percent = 10")
    before = asked(installation.server)[ATTRIBUTE]
    found = installation.legacy.run(SCRIPTS / "canary.py", JOBS, JOBS // 2, bridge=True, env=installation.same_routing)
    assert found["failed"] == []
    assert found["written"] == [JOBS, JOBS // 2], "no call is lost, on either side"
    moved = found["first"].count("diracx")
    assert 0.08 * JOBS <= moved <= 0.12 * JOBS
    assert found["first"] == [str(side_of(CANARY, job)) for job in found["jobs"]], "the ones that the hash names"
    assert found["second"] == found["first"][: JOBS // 2], "a job keeps its side"
    again = found["second"].count("diracx")
    assert asked(installation.server)[ATTRIBUTE] - before == moved + again
    installation.expect(moved + again, "setJobSite", "canary", "diracx")
    installation.expect(JOBS + JOBS // 2 - moved - again, "setJobSite", "canary", "legacy")


def a_tenth_of_the_jobs_moves_over_both_transports(installation: Installation) -> None:
    jobs = [installation.legacy.new_job() for _ in range(30)]
    moved = sum(side_of(CANARY, job) is Side.DIRACX for job in jobs)
    calls = [bulk(job, service, second, "canary") for second, service in enumerate((HTTPS, DISET)) for job in jobs]
    before = asked(installation.server)[STATUS]
    assert all_ok(call(installation.legacy, *calls))
    assert asked(installation.server)[STATUS] - before == 2 * moved
    assert all(installation.legacy.state(job)[1][-1][2] == "canary" for job in jobs)
    installation.expect(2 * moved, BULK, "canary", "diracx")
    installation.expect(2 * (len(jobs) - moved), BULK, "canary", "legacy")


def legacy_is_compared(installation: Installation, job: int) -> None:
    installation.route("compare")
    before = asked(installation.server)[STATUS]
    assert all_ok(call(installation.legacy, bulk(job, HTTPS, 26, "compared"), bulk(job, DISET, 27, "compared")))
    assert asked(installation.server)[STATUS] == before, "legacy answers"
    assert asked(installation.server)[REHEARSAL] == 2
    installation.expect(2, BULK, "compare", "legacy")
    installation.route("live")


def the_books_are_true(installation: Installation) -> None:
    readable = Counter({names: number for names, number in installation.expected.items() if names[1] == "dirac"})
    installation.settle(readable.total(), within=12)
    assert installation.ledger() == readable, "those of the other VO are shown to its own administrators"
    assert installation.metrics() == installation.expected


def an_outage_loses_no_call_and_is_in_the_books(installation: Installation, job: int) -> None:
    """DiracX is killed while calls are under way, and comes back.

    No call is lost. A batch of the ledger that was on its way at that very moment may have arrived or not: it is not
    sent twice, and its calls, which DiracX had carried out before, are told as dropped.
    """
    before = installation.ledger()
    calls = [bulk(job, service, second, f"outage {second}") for second, service in enumerate((HTTPS, DISET) * 40, 100)]
    served = asked(installation.server)[STATUS]
    with ThreadPoolExecutor(1) as client:
        answers = client.submit(call, installation.legacy, *calls)
        while asked(installation.server)[STATUS] - served < len(calls) // 4:
            assert not answers.done()
        installation.kill()
        assert all_ok(answers.result())
    ended = time.monotonic()
    written = {row[2] for row in installation.legacy.state(job)[1] if row[2].startswith("outage")}
    assert written == {f"outage {second}" for second in range(100, 100 + len(calls))}, "no call is lost"

    installation.start()
    time.sleep(max(0.0, ended + REST + 1 - time.monotonic()))
    assert all_ok(call(installation.legacy, bulk(job, HTTPS, 300, "back"), bulk(job, DISET, 301, "back")))
    assert asked(installation.server)[STATUS] == 2, "the doors see by themselves that DiracX is there again"

    installation.settle(before.total() + len(calls) + 2, within=30)
    since, dropped = installation.ledger() - before, installation.dropped()
    by_diracx, by_legacy = since[BULK, "dirac", "live", "diracx", "ok"], since[BULK, "dirac", "live", "legacy", "ok"]
    assert since.total() == by_diracx + by_legacy <= len(calls) + 2, "no call is counted twice"
    assert since.total() + dropped >= len(calls) + 2, "each call is counted, or told as dropped"
    assert by_diracx + dropped >= len(calls) // 4 + 2
    assert by_legacy > 0
    told = installation.metrics()
    assert told[BULK, "dirac", "live", "legacy", "ok"] == by_legacy, "counted while DiracX was away, told afterwards"


def all_ok(answers: list[dict[str, Any]]) -> bool:
    return [answer for answer in answers if not answer["OK"]] == []

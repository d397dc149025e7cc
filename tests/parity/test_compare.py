"""The stage compare finds what is wrong with the new path, and nothing where nothing is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from diracx_bridge.client import LegacyExchange, SyncDiracxClient
from diracx_bridge.core.routing.rules import parse_rules
from diracx_bridge.legacy_adapters.compare.comparator import Comparator, OtherSide
from diracx_bridge.legacy_adapters.compare.rehearsing import RehearsingTransport
from diracx_bridge.legacy_adapters.dispatch.breaker import Breakers
from diracx_bridge.legacy_adapters.dispatch.call import Call, Caller, method_of
from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison, Observation
from diracx_bridge.legacy_adapters.ledger.mismatch import Mismatch
from diracx_bridge.legacy_adapters.registry import BUILT_IN
from tests.parity.conftest import Serve
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import GROUPS

ROOT = Path(__file__).parents[2]
ALICE = Caller("alice", "dirac_user", "dirac")
PILOT = Caller("pilot", "dirac_pilot", "dirac")


class Compared:
    """Calls of the real handler, compared with a server of ours."""

    def __init__(self, legacy: Legacy, url: str) -> None:
        self.legacy, self.url = legacy, url
        self.seen: list[Observation] = []
        self.found: list[Mismatch] = []
        self._exchange = LegacyExchange(url, legacy.api_key)
        self._clients: list[SyncDiracxClient] = []
        self._sides: dict[tuple[Caller, str], OtherSide] = {}
        self._comparator = Comparator(self.found.append, limit=30)
        self._dispatcher = Dispatcher(Breakers(), self, self._comparator)

    def observe(self, observation: Observation) -> None:
        self.seen.append(observation)

    def side(self, service: str, caller: Caller) -> Callable[[], OtherSide]:
        if (caller, service) not in self._sides:
            properties = [name.strip() for name in GROUPS[caller.group][1].split(",")]
            tokens = self._exchange.source(caller.user, caller.vo, caller.group, properties)
            transport = RehearsingTransport(httpx.HTTPTransport())
            client = SyncDiracxClient(self.url, tokens=tokens, transport=transport)
            post = lambda path, body: client.request("POST", path, json=body).json()  # noqa: E731
            self._clients.append(client)
            self._sides[caller, service] = OtherSide(BUILT_IN[service].adapter(client), post)
        return lambda: self._sides[caller, service]

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self._exchange.close()

    def call(self, method: str, *arguments: Any, caller: Caller = ALICE) -> Any:
        """A call of whichever service has the method."""
        ((service, adapted),) = ((n, a) for n, a in BUILT_IN.items() if method_of(a.contract, method) is not None)
        name = service.rpartition("/")[2]

        def by_legacy() -> Any:
            return self.legacy.call(name, method, *arguments, user=caller.user, group=caller.group)

        rules = parse_rules(service, {"Stage": "compare"}, "/x")
        call = Call(service, method, caller, arguments)
        answer = self._dispatcher.perform(
            call, adapted.contract, rules, lambda: None, by_legacy, self.side(service, caller)
        )
        self._comparator.settle(30)
        return answer

    def comparisons(self) -> Counter[Comparison]:
        return Counter(seen.comparison for seen in self.seen)


def planting(fault: str) -> str:
    """What a server does before it starts, to have a fault."""
    return f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.parity.faults import plant; plant({fault!r})"


def life_of_a_job(compared: Compared, job: int, caller: Caller) -> None:
    """Every method of the service, as a job uses them."""
    second = iter(range(60))

    def bulk(**update: str) -> dict[str, dict[str, str]]:
        return {f"2030-01-01 12:00:{next(second):02}": {"Source": "JobAgent", **update}}

    compared.call("setJobStatusBulk", job, bulk(Status="Matched", MinorStatus="Assigned"), caller=caller)
    compared.call("setJobSite", job, "LCG.Bridge.ch", caller=caller)
    compared.call("setJobStatusBulk", str(job), bulk(Status="Running", MinorStatus="Application"), caller=caller)
    compared.call("setJobApplicationStatus", job, "step 1", caller=caller)
    compared.call("sendHeartBeat", job, {"CPUConsumed": "1.5"}, {"StandardOutput": "hello"}, caller=caller)
    compared.call("setJobParameters", job, [("HostName", "node1"), ("Memory", "12")], caller=caller)
    compared.call("setJobParameter", job, "LocalAccount", "pilot001", caller=caller)
    compared.call("setJobAttribute", job, "MinorStatus", "by attribute", caller=caller)
    compared.call("setJobStatus", job, "Done", "Execution Complete", "JobWrapper", caller=caller)
    compared.call("setJobStatus", job, "Running", "late", "JobWrapper", caller=caller)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("none", set()),
        ("wrong minor status", {"Jobs.MinorStatus", "answer"}),
        ("off by one second", {"LoggingInfo.StatusTime", "LoggingInfo.StatusTimeOrder"}),
        ("lost parameter", {"JobParameters.HostName", "JobParameters.LocalAccount", "JobParameters.StandardOutput"}),
        ("extra log row", {"LoggingInfo rows"}),
        ("403 for pilots", {"answer"}),
    ],
)
def test_planted_fault_is_found_and_grouped_and_nothing_else(
    legacy: Legacy, serve_bridge: Serve, fault: str, found: set[str]
) -> None:
    server = serve_bridge({}, prelude=planting(fault))
    with closing(Compared(legacy, server.url)) as compared:
        for caller in (ALICE, PILOT, PILOT):
            life_of_a_job(compared, legacy.new_job(status="Waiting"), caller)
    assert len(compared.seen) == 30
    whats = {mismatch.what for mismatch in compared.found}
    assert whats == found, [(m.method, m.what, m.legacy, m.diracx) for m in compared.found if m.what not in found]
    kinds = {mismatch.fingerprint for mismatch in compared.found}
    if fault == "none":
        told = compared.comparisons()
        assert set(told) <= {Comparison.EQUAL, Comparison.DIFFERENCE}
        assert told[Comparison.EQUAL] >= 18
    else:
        assert len(kinds) < len(compared.found), "twice the same is one kind"
        assert {m.vo for m in compared.found} == {"dirac"}
    if fault == "403 for pilots":
        assert {mismatch.call["user"] for mismatch in compared.found} == {"pilot"}


def test_somebody_else_at_the_same_job_is_a_race_and_no_mismatch(legacy: Legacy, serve_bridge: Serve) -> None:
    server = serve_bridge({})
    job = legacy.new_job(status="Running")
    by_handler = legacy.call

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        answer = by_handler(*args, **kwargs)
        other = {"2030-01-01 13:00:00": {"MinorStatus": "of somebody else", "Source": "StalledJobAgent"}}
        by_handler("JobStateUpdate", "setJobStatusBulk", job, other)
        return answer

    legacy.call = interrupted  # type: ignore[method-assign]
    try:
        with closing(Compared(legacy, server.url)) as compared:
            for second in range(5):
                update = {f"2030-01-01 12:00:{second:02}": {"ApplicationStatus": f"step {second}", "Source": "Job_1"}}
                compared.call("setJobStatusBulk", job, update)
    finally:
        legacy.call = by_handler  # type: ignore[method-assign]
    assert compared.found == []
    assert compared.comparisons()[Comparison.RACE] == 5

"""The generated calls through real services and clients, over HTTPS and DISET: legacy, then live.

A sample of them, each over one transport; with ``--every-call`` all of them, each over both.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from diracx_bridge.legacy_adapters.compare.noise import same_form
from diracx_bridge.legacy_adapters.job_monitoring import CONTRACT as MONITORING
from diracx_bridge.legacy_adapters.job_state_update import CONTRACT
from tests.parity.conftest import Serve
from tests.parity.job_state_update.answers import answers
from tests.parity.job_state_update.cases import Case, Job, cases
from tests.parity.job_state_update.excuses import Seen, unexplained
from tests.parity.job_state_update.twins import Twins
from tests.parity.routed_services import call, routed
from tests.parity.routes_asked import asked
from tests.parity.sides import Asked, as_seen
from tests.parity.test_job_monitoring import OWNER, calls, jobs
from tests.servers.databases import WorkerDatabases
from tests.servers.legacy import Legacy
from tests.servers.opensearch import OpenSearch
from tests.servers.sql_server import SqlServer

__all__ = ["jobs"]  # a fixture
OF_EACH = 22
TRANSPORTS = ("HTTPS", "DISET")


def sample() -> list[Case]:
    """Calls of every method, evenly out of the generated ones."""
    found: list[Case] = []
    for method in CONTRACT.methods:
        known = [case for case in cases() if case.method == method.name]
        found += known[:: max(1, len(known) // OF_EACH)][:OF_EACH]
    return found


class Services:
    """Both transports of a service, in the stage that was named last."""

    def __init__(self, legacy: Legacy, name: str) -> None:
        self._legacy, self._name = legacy, name
        self._override = legacy.folder / "root" / "etc" / "diracx-bridge-routing.cfg"

    def stage(self, stage: str) -> None:
        self._override.write_text(f"WorkloadManagement\n{{\n  {self._name}\n  {{\n    Stage = {stage}\n  }}\n}}\n")
        time.sleep(2)

    def answers(self, asked: Sequence[Asked]) -> list[dict[str, Any]]:
        """What clients see, every second call over DISET; one process for each caller."""
        found: dict[int, dict[str, Any]] = {}
        for user, group in dict.fromkeys(one[2:] for one in asked):
            places = [place for place, one in enumerate(asked) if one[2:] == (user, group)]
            of_caller = [(self._transport(place), *asked[place][:2]) for place in places]
            given = call(self._legacy, *of_caller, user=user, group=group)
            found.update(zip(places, map(as_seen, given), strict=True))
        return [found[place] for place in range(len(asked))]

    def _transport(self, place: int) -> str:
        return f"WorkloadManagement/{'Diset' if place % 2 else ''}{self._name}"

    def close(self) -> None:
        self._override.unlink(missing_ok=True)


def test_updates_answer_and_write_the_same_through_https_and_diset(
    legacy: Legacy,
    serve_bridge: Serve,
    mariadb: SqlServer,
    worker_databases: WorkerDatabases,
    opensearch: OpenSearch,
    opensearch_prefix: str,
    every_call: bool,
) -> None:
    server = serve_bridge(routed(), bridged=True)
    chosen = [case for case in cases() for _ in TRANSPORTS] if every_call else sample()
    assert len(chosen) >= 180
    assert {case.method for case in chosen} == {method.name for method in CONTRACT.methods}
    assert any(isinstance(case.arguments[0], Job) for case in chosen[1::2])
    services = Services(legacy, "JobStateUpdate")
    try:
        with Twins(mariadb, worker_databases.names, opensearch, opensearch_prefix) as twins:
            pairs = twins.make(chosen)
            theirs, mine = ([pair[side] for pair in pairs] for side in (0, 1))
            before = twins.rows(mine)
            services.stage("legacy")
            left = answers(chosen, theirs, services.answers)
            assert not [route for route in asked(server) if route.startswith("PATCH")]
            services.stage("live")
            right = answers(chosen, mine, services.answers)
            rows = twins.rows([*theirs, *mine])
    finally:
        services.close()
    seen = [
        Seen(case, before[second], {**left[i], **rows[first]}, {**right[i], **rows[second]})
        for i, (case, (first, second)) in enumerate(zip(chosen, pairs, strict=True))
    ]
    found = [
        "\n".join(
            [
                f"{TRANSPORTS[i % 2]} {one.case}",
                *(f"    {f}: legacy {one.theirs.get(f)!r:.300} ours {one.ours.get(f)!r:.300}" for f in sorted(faults)),
            ]
        )
        for i, one in enumerate(seen)
        if (faults := unexplained(one)[0])
    ]
    if found:
        pytest.fail(f"{len(found)} of {len(chosen)} calls differ\n" + "\n".join(found[:20]), pytrace=False)
    outcomes = Counter((one.case.method, one.ours["OK"]) for one in seen)
    assert {ok for _, ok in outcomes} == {True, False}


def test_reads_answer_the_same_through_https_and_diset(
    legacy: Legacy, serve_bridge: Serve, jobs: list[int], every_call: bool
) -> None:
    server = serve_bridge(routed("JobMonitoring"), bridged=True)
    by_method: dict[str, list[Asked]] = {}
    for one in calls(jobs):
        by_method.setdefault(one[0], []).append(one)
    step = lambda known: 1 if every_call else max(1, len(known) // 6)  # noqa: E731
    chosen = [one for known in by_method.values() for one in known[:: step(known)] for _ in TRANSPORTS]
    assert set(by_method) == {method.name for method in MONITORING.methods}
    services = Services(legacy, "JobMonitoring")
    try:
        services.stage("legacy")
        theirs = services.answers(chosen)
        services.stage("live")
        mine = services.answers(chosen)
    finally:
        services.close()
    assert {one[2:] for one in chosen} == {OWNER}
    assert sum(asked(server).values()) >= len(chosen) // 2
    differ = [
        (one[:2], TRANSPORTS[place % 2], their, our)
        for place, (one, their, our) in enumerate(zip(chosen, theirs, mine, strict=True))
        if same_form(their, ordered=one[0] != "getJobs") != same_form(our, ordered=one[0] != "getJobs")
    ]
    assert differ == []

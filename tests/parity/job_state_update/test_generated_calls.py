"""Generated calls of JobStateUpdate: the adapter answers as the real handler and leaves the same rows.

What differs is explained, field by field, by an entry of the list of deliberate differences; nothing else may differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from diracx_bridge.legacy_adapters.differences import DIFFERENCES, JSU
from diracx_bridge.legacy_adapters.job_state_update import adapter, updates
from diracx_bridge.legacy_adapters.job_state_update.adapter import JobStateUpdate
from tests.live import LiveServer
from tests.parity.job_state_update.answers import SERVICE, answers
from tests.parity.job_state_update.cases import Case, cases
from tests.parity.job_state_update.excuses import EXCUSES, Seen, unexplained
from tests.parity.job_state_update.twins import Twins
from tests.parity.sides import by_legacy, ours
from tests.servers.databases import WorkerDatabases
from tests.servers.legacy import Legacy
from tests.servers.opensearch import OpenSearch
from tests.servers.sql_server import SqlServer

NOT_GENERATED = {
    "jsu-one-transaction": "needs a failure in the middle; tests of faults have it",
    "jsu-time-order": "needs a clock: two updates within one second of a stored one",
    "jsu-heartbeat-time": "seen at an official server only",
    "jsu-stager-access": "legacy waits ten seconds for each such call",
    "jsu-start-of-running": "needs two calls about one job",
    "jsu-upstream-rights": "seen at an official server only",
    "jsu-upstream-attribute": "seen at an official server only",
}
SHOWN = 20
Observe = Callable[[Sequence[Case]], list[Seen]]


@pytest.fixture
def observe(
    legacy: Legacy,
    bridge: LiveServer,
    mariadb: SqlServer,
    worker_databases: WorkerDatabases,
    opensearch: OpenSearch,
    opensearch_prefix: str,
) -> Iterator[Observe]:
    """Makes twins for cases, does the calls on both sides, and tells what came of them."""
    with Twins(mariadb, worker_databases.names, opensearch, opensearch_prefix) as twins:

        def observed(chosen: Sequence[Case]) -> list[Seen]:
            pairs = twins.make(chosen)
            theirs, mine = ([pair[side] for pair in pairs] for side in (0, 1))
            before = twins.rows(mine)
            left = answers(chosen, theirs, lambda calls: by_legacy(legacy, SERVICE, calls))
            with ours(SERVICE, bridge.url, legacy.api_key) as side:
                right = answers(chosen, mine, side.answers)
            rows = twins.rows([*theirs, *mine])
            return [
                Seen(case, before[second], {**left[i], **rows[first]}, {**right[i], **rows[second]})
                for i, (case, (first, second)) in enumerate(zip(chosen, pairs, strict=True))
            ]

        yield observed


def faults(observations: Sequence[Seen]) -> list[str]:
    """What no difference explains, for people."""
    found = []
    for seen in observations:
        left, _ = unexplained(seen)
        if left:
            fields = [
                f"    {f}: legacy {seen.theirs.get(f)!r:.300} ours {seen.ours.get(f)!r:.300}" for f in sorted(left)
            ]
            found.append("\n".join([str(seen.case)[:500], *fields]))
    return found


def test_answers_and_rows_are_those_of_legacy_but_for_the_listed_differences(observe: Observe) -> None:
    chosen = cases()
    assert len(chosen) >= 2000
    observations = observe(chosen)
    found = faults(observations)
    if found:
        pytest.fail(f"{len(found)} of {len(chosen)} calls differ\n" + "\n".join(found[:SHOWN]), pytrace=False)
    used = Counter(difference for seen in observations for difference in unexplained(seen)[1])
    assert set(EXCUSES) - set(used) == set(), "differences that no call shows"
    assert sum(not seen.differing for seen in observations) > len(chosen) / 2


def test_every_listed_difference_is_shown_or_said_to_be_shown_elsewhere() -> None:
    listed = {difference.id for difference in DIFFERENCES if difference.service == JSU}
    assert listed == {*EXCUSES, *NOT_GENERATED}


def _nothing(self: JobStateUpdate, *arguments: Any) -> None:
    """An adapter that is bypassed."""


def _late(value: object) -> datetime:
    return TIME_OF(value) + timedelta(seconds=1)


TIME_OF = updates.time_of
MUTATIONS: Mapping[str, tuple[Any, str, Any]] = {
    "a bypassed method": (JobStateUpdate, "setJobStatusBulk", _nothing),
    "another bypassed method": (JobStateUpdate, "setJobSite", _nothing),
    "force for everybody": (JobStateUpdate, "_may_force", lambda self, job_id: True),
    "times that are a second late": (updates, "time_of", _late),
    "a value with the status in it": (adapter, "names_and_values", lambda answer, job: (["Status"], ["?"])),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_rule_is_found(mutation: str, observe: Observe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*MUTATIONS[mutation])
    assert faults(observe(cases()[::23])), f"{mutation} is not noticed"

"""The adapter at an official DiracX server: what it does not do as the legacy service is the compatibility table."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.live import LiveServer
from tests.parity.job_state_update.answers import SERVICE, answers
from tests.parity.job_state_update.cases import cases
from tests.parity.job_state_update.excuses import Seen, unexplained
from tests.parity.job_state_update.twins import Twins
from tests.parity.official import official_server
from tests.parity.sides import by_legacy, ours
from tests.servers.databases import WorkerDatabases
from tests.servers.legacy import Legacy
from tests.servers.opensearch import OpenSearch
from tests.servers.run import Run
from tests.servers.sql_server import SqlServer

TABLE = Path(__file__).with_name("official-0.7.0.json")
WRITE = "DIRACX_BRIDGE_WRITE_COMPATIBILITY"


def table(observations: Sequence[Seen]) -> dict[str, Any]:
    """By method: how many calls there were, how many were as legacy, as listed, and otherwise different in what."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    fields: dict[str, Counter[str]] = defaultdict(Counter)
    for seen in observations:
        left, _ = unexplained(seen)
        kind = "different" if left else "as listed" if seen.differing else "as legacy"
        rows[seen.case.method].update([kind])
        fields[seen.case.method].update(left - {"Message", "Errno"} or left)
    return {
        method: {
            "calls": counts.total(),
            **{kind: counts[kind] for kind in ("as legacy", "as listed", "different")},
            "fields": sorted(fields[method]),
        }
        for method, counts in sorted(rows.items())
    }


def test_compatibility_table_is_what_the_official_server_does(
    legacy: Legacy,
    bridge: LiveServer,
    servers: Run,
    mariadb: SqlServer,
    mariadb_urls: Mapping[str, str],
    worker_databases: WorkerDatabases,
    opensearch: OpenSearch,
    opensearch_prefix: str,
    tmp_path: Path,
) -> None:
    chosen = cases()[::5]
    server = official_server(servers, tmp_path, mariadb_urls, legacy.hashed_api_key, opensearch.url, opensearch_prefix)
    with Twins(mariadb, worker_databases.names, opensearch, opensearch_prefix) as twins, server as url:
        pairs = twins.make(chosen)
        theirs, mine = ([pair[side] for pair in pairs] for side in (0, 1))
        before = twins.rows(mine)
        left = answers(chosen, theirs, lambda calls: by_legacy(legacy, SERVICE, calls))
        with ours(SERVICE, url, legacy.api_key) as side:
            right = answers(chosen, mine, side.answers)
        rows = twins.rows([*theirs, *mine])
    found = table(
        [
            Seen(case, before[second], {**left[i], **rows[first]}, {**right[i], **rows[second]})
            for i, (case, (first, second)) in enumerate(zip(chosen, pairs, strict=True))
        ]
    )
    if os.environ.get(WRITE):
        TABLE.write_text(json.dumps(found, indent=1) + "\n")
    assert found == json.loads(TABLE.read_text()), f"set {WRITE}=1 to write the table anew, and read what changed"

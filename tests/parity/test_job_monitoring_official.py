"""JobMonitoring at an official DiracX server: what is as legacy, and what goes to legacy."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from diracx_bridge.legacy_adapters.compare.noise import same_form
from diracx_bridge.legacy_adapters.job_monitoring import CONTRACT
from tests.live import LiveServer
from tests.parity.official import official_server
from tests.parity.sides import Asked, by_legacy, ours
from tests.parity.test_job_monitoring import calls, jobs
from tests.servers.legacy import Legacy
from tests.servers.opensearch import OpenSearch
from tests.servers.run import Run

__all__ = ["jobs"]  # a fixture
TABLE = Path(__file__).with_name("job-monitoring-0.7.0.json")
WRITE = "DIRACX_BRIDGE_WRITE_COMPATIBILITY"
PILOT = ("pilot", "dirac_pilot")
TO_LEGACY = {"OK": True, "Value": "went to legacy"}
SEARCHES = {method.name for method in CONTRACT.methods if method.searches}


def test_compatibility_table_is_what_the_official_server_does(
    legacy: Legacy,
    bridge: LiveServer,
    servers: Run,
    mariadb_urls: Mapping[str, str],
    opensearch: OpenSearch,
    opensearch_prefix: str,
    tmp_path: Path,
    jobs: list[int],
) -> None:
    by_owner = calls(jobs)
    by_pilot: list[Asked] = [(*call[:2], *PILOT) for call in by_owner[::3]]
    theirs = by_legacy(legacy, "JobMonitoring", by_owner)
    server = official_server(servers, tmp_path, mariadb_urls, legacy.hashed_api_key, opensearch.url, opensearch_prefix)
    with server as url, ours("JobMonitoring", url, legacy.api_key, stand_in=lambda: dict(TO_LEGACY)) as side:
        mine, pilots = side.answers(by_owner), side.answers(by_pilot)
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    fields: dict[str, set[str]] = defaultdict(set)
    for (name, *_), their, our in zip(by_owner, theirs, mine, strict=True):
        one, other = (same_form(answer, ordered=name != "getJobs") for answer in (their, our))
        kind = "as legacy" if one == other else "as listed" if our == TO_LEGACY else "different"
        rows[name].update([kind])
        if kind == "different":
            fields[name] |= {field for field in {*one, *other} if one.get(field) != other.get(field)}
    assert {name for name, counts in rows.items() if counts["as legacy"]} >= SEARCHES
    assert not fields, "nothing is different but what goes to legacy"
    asked_server = [answer for answer in pilots if answer != TO_LEGACY]
    assert len(asked_server) < len(pilots) / 2
    assert not any(answer["OK"] for answer in asked_server), "only what is no question is answered without a search"
    found: dict[str, Any] = {
        name: {
            "calls": counts.total(),
            **{kind: counts[kind] for kind in ("as legacy", "as listed", "different")},
            "fields": sorted(fields[name]),
        }
        for name, counts in sorted(rows.items())
    }
    if os.environ.get(WRITE):
        TABLE.write_text(json.dumps(found, indent=1) + "\n")
    assert found == json.loads(TABLE.read_text()), f"set {WRITE}=1 to write the table anew, and read what changed"

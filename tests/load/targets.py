"""How much faster than the official server a case must be for a first release: data for the table of a comparison."""

from __future__ import annotations

import fnmatch
from typing import Final

MUST: Final[tuple[tuple[str, str, float, float], ...]] = (
    # pattern of cases, figure, on MariaDB, on SQLite
    ("well_known/*-c16", "p99", 5, 5),
    ("well_known/*", "p50", 5, 5),
    ("config/*-c16", "p99", 5, 5),
    ("config/304", "p50", 8, 8),
    ("config/*", "p50", 100, 100),
    ("auth/userinfo", "p50", 5, 5),
    ("auth/legacy-exchange", "p50", 3, 2),
    ("auth/refresh", "p50", 4, 4),
    ("status/1x1-c16", "per_second", 12, 12),
    ("status/1x1", "p50", 8, 8),
    ("status/1x100", "p50", 4, 4),
    ("status/100x1", "p50", 10, 10),
    ("status/1000x1", "p50", 12, 12),
    ("status/10000x1", "p50", 20, 60),
    ("metadata/site-*", "p50", 8, 8),
    ("heartbeat/1", "p50", 8, 8),
    ("heartbeat/100", "p50", 9, 9),
    ("heartbeat/1000", "p50", 12, 12),
    ("search/ids-100", "p50", 7, 7),
    ("search/owner-site", "p50", 7, 7),
    ("search/status-by-time", "p50", 1.1, 1.1),
    ("search/page-1000", "p50", 4, 4),
    ("search/page-10000", "p50", 6, 6),
    ("summary/status-site", "p50", 4, 4),
    ("summary/*", "p50", 1.2, 1.2),
    ("submit/1", "p50", 4, 4),
    ("submit/20", "p50", 3, 3),
    ("sandbox/initiate-upload", "p50", 5, 5),
    ("mixed", "per_second", 8, 8),
)


def must(case: str, kind: str) -> tuple[str, float] | None:
    """(figure, factor) that ``case`` must reach on "mariadb" or "sqlite"; None if nothing is demanded."""
    for pattern, figure, on_mariadb, on_sqlite in MUST:
        if fnmatch.fnmatch(case, pattern):
            return figure, on_sqlite if kind == "sqlite" else on_mariadb
    return None

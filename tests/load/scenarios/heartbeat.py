"""`PATCH /api/jobs/heartbeat`: six values of each running job."""

from __future__ import annotations

from collections.abc import Sequence

from tests.load import raw
from tests.load.scenarios import Case, each, window
from tests.load.seed import mine
from tests.load.target import Target

VALUES = dict(zip(raw.HEARTBEAT_NAMES, (2.5, 1024.0, 2048.0, 500.0, 75.0, 3600.0), strict=True))
SIZES = ((1, 1500), (100, 150), (1000, 20))
"""(jobs in a request, most requests)"""


def cases(target: Target) -> list[Case]:
    """1, 100 and 1000 jobs."""
    total, dialect = mine(target.jobs), target.database.dialect

    def patch(ids: Sequence[int]) -> bytes:
        return target.request("PATCH", "/api/jobs/heartbeat", dict.fromkeys(map(str, ids), VALUES))

    return [
        Case(
            f"heartbeat/{size}",
            each(min(most, total // size), lambda i, size=size: patch(window(i, size, total))),  # type: ignore[misc]
            most=most,
            writes=True,
            warmup=1,
            raw=lambda turn, size=size: raw.heartbeat(dialect, range(1, size + 1), turn),  # type: ignore[misc]
        )
        for size, most in SIZES
        if size <= total
    ]

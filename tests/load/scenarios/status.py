"""`PATCH /api/jobs/status`: each request changes the minor status of running jobs, at a time later than the last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.load import raw
from tests.load.client import Requests
from tests.load.scenarios import Case, window
from tests.load.seed import mine
from tests.load.target import Target

BULK = ((100, 200), (1000, 40), (10_000, 3))
"""(jobs in a request, most requests)"""


def cases(target: Target) -> list[Case]:
    """One job, one job with 16 clients, one job with 100 updates, and bulk requests."""
    total, dialect = mine(target.jobs), target.database.dialect
    found = [
        Case(
            "status/1x1",
            lambda: _requests(target, 2000, 1),
            most=1990,
            writes=True,
            raw=lambda turn: raw.status(dialect, [77], turn),
        ),
        Case("status/1x1-c16", lambda: _requests(target, 4000, 1), most=3990, clients=16, writes=True, limit=False),
        Case(
            "status/1x100",
            lambda: _requests(target, 300, 1, updates=100),
            most=290,
            writes=True,
            raw=lambda turn: raw.status(dialect, [77], turn, 100),
        ),
    ]
    for size, most in BULK:
        if size <= total:
            ids = range(1, size + 1)
            found.append(
                Case(
                    f"status/{size}x1",
                    lambda size=size, most=most: _requests(target, most + 3, size),  # type: ignore[misc]
                    most=most,
                    writes=True,
                    warmup=1 if size < 10_000 else 0,
                    raw=lambda turn, ids=ids: raw.status(dialect, ids, turn),  # type: ignore[misc]
                )
            )
    return found


def patch(target: Target, ids: Sequence[int], first: datetime, number: int, updates: int = 1) -> bytes:
    """A request with ``updates`` for each job, a millisecond apart."""
    times = [(first + timedelta(milliseconds=k)).isoformat() for k in range(updates)]
    update = {
        time: {
            "Status": "Running",
            "MinorStatus": f"Application {number}.{k}",
            "ApplicationStatus": "step 1",
            "Source": "JobWrapper",
        }
        for k, time in enumerate(times)
    }
    return target.request("PATCH", "/api/jobs/status", dict.fromkeys(map(str, ids), update))


def _requests(target: Target, count: int, size: int, updates: int = 1) -> Requests:
    total, began = mine(target.jobs), datetime.now(UTC)
    made = []
    for i in range(count):
        ids = [i * 7 % total + 1] if size == 1 else window(i, size, total)
        made.append(patch(target, ids, began + timedelta(milliseconds=i * updates), i, updates))
    return lambda number: made[number % count]

"""`POST /api/jobs/reschedule`, and the ends of jobs that the official server has no routes for."""

from __future__ import annotations

from collections.abc import Sequence

from tests.load.scenarios import Case, each, window
from tests.load.seed import mine
from tests.load.target import Target

SIZES = ((1, 800), (20, 200), (1000, 12))
"""(jobs in a request, most requests)"""


def cases(target: Target) -> list[Case]:
    """1, 20 and 1000 jobs; the counter begins again each time, so that the limit is never reached."""
    total = mine(target.jobs)

    def post(what: str, ids: Sequence[int]) -> bytes:
        return target.request("POST", f"/api/jobs/{what}", {"job_ids": list(ids)})

    names = {"reschedule": "reschedule?reset_jobs=true"}
    if target.most_jobs > max(size for size, _ in SIZES) - 1:
        names["kill"] = "kill"
    return [
        Case(
            f"{name}/{size}",
            each(min(most, total // size), lambda i, size=size, what=what: post(what, window(i, size, total))),  # type: ignore[misc]
            most=most,
            writes=True,
            warmup=1,
            limit=False,
        )
        for name, what in names.items()
        for size, most in SIZES
        if size <= total
    ]

"""`PATCH /api/jobs/metadata`: the site of jobs."""

from __future__ import annotations

from tests.load import raw
from tests.load.scenarios import Case, each, window
from tests.load.seed import mine
from tests.load.target import Target

SIZES = ((1, 1500), (100, 200), (1000, 40))
"""(jobs in a request, most requests)"""


def cases(target: Target) -> list[Case]:
    """1, 100 and 1000 jobs, each request with another site."""
    total, dialect = mine(target.jobs), target.database.dialect

    def patch(number: int, size: int) -> bytes:
        updates = {str(job): {"Site": f"LCG.New{number}"} for job in window(number, size, total)}
        return target.request("PATCH", "/api/jobs/metadata", updates)

    return [
        Case(
            f"metadata/site-{size}",
            each(most, lambda i, size=size: patch(i, size)),  # type: ignore[misc]
            most=most,
            writes=True,
            raw=lambda turn, size=size: raw.site(dialect, range(1, size + 1), turn),  # type: ignore[misc]
        )
        for size, most in SIZES
        if size <= total
    ]

"""How long a static document takes while another client keeps the server busy with big requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.load.client import Requests
from tests.load.scenarios import Case, always, window
from tests.load.scenarios.status import patch
from tests.load.seed import mine
from tests.load.target import Target

PREPARED = 40


def cases(target: Target) -> list[Case]:
    """Beside status updates of 1000 and 10,000 jobs, and beside pages of 10,000 jobs."""
    document = always(target.request("GET", "/.well-known/jwks.json", signed=False))
    page = always(target.request("POST", "/api/jobs/search?per_page=10000", {}))

    def statuses(size: int) -> Requests:
        began, total = datetime.now(UTC), mine(target.jobs)

        def made(number: int) -> bytes:
            ids: Sequence[int] = window(number, size, total)
            return patch(target, ids, began + timedelta(milliseconds=number), number)

        requests = [made(number) for number in range(PREPARED if size < 10_000 else 4)]
        return lambda number: requests[number % len(requests)]

    found = [
        Case(
            f"beside/status-{size}x1",
            document,
            most=10**9,
            limit=False,
            writes=True,
            beside=lambda size=size: statuses(size),  # type: ignore[misc]
        )
        for size in (1000, 10_000)
        if size <= mine(target.jobs)
    ]
    return [*found, Case("beside/search-10000", document, most=10**9, limit=False, beside=page)]

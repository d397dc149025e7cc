"""How long a static document takes while another client keeps the server busy with big requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.load.client import Requests
from tests.load.scenarios import Case, always, window
from tests.load.scenarios.status import patch
from tests.load.scenarios.submit import JDL
from tests.load.seed import mine
from tests.load.target import Target

PREPARED, MANY = 40, 1000


def cases(target: Target) -> list[Case]:
    """Beside status updates of 1000 and 10,000 jobs, pages of 10,000 jobs, and submissions of 1000 jobs."""
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
    found.append(Case("beside/search-10000", document, most=10**9, limit=False, beside=page))
    if target.most_jobs >= MANY:
        jdl = [f'{JDL} Parameters = {MANY}; JobGroup = "%s";']
        submission = always(target.request("POST", "/api/jobs/jdl", jdl))
        found.append(Case(f"beside/submit-{MANY}", document, most=10**9, limit=False, writes=True, beside=submission))
    return found

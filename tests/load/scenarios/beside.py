"""How long a static document takes while another client keeps the server busy with big requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from tests.load.raw import HEARTBEAT_NAMES
from tests.load.scenarios import Case, always, each, window
from tests.load.scenarios.status import patch
from tests.load.scenarios.submit import JDL
from tests.load.seed import mine
from tests.load.target import Target

PREPARED, MANY = 40, 1000
BEAT = dict.fromkeys(HEARTBEAT_NAMES, 1.5)


def cases(target: Target) -> list[Case]:
    """Beside changes of 1000 and 10,000 jobs, pages of 10,000 jobs, submissions and reschedulings of 1000 jobs."""
    document = always(target.request("GET", "/.well-known/jwks.json", signed=False))
    page = always(target.request("POST", "/api/jobs/search?per_page=10000", {}))
    total, began = mine(target.jobs), datetime.now(UTC)

    def status(number: int, ids: Sequence[int]) -> bytes:
        return patch(target, ids, began + timedelta(milliseconds=number), number)

    def beat(number: int, ids: Sequence[int]) -> bytes:
        return target.request("PATCH", "/api/jobs/heartbeat", {str(job): {**BEAT, "Vsize": number} for job in ids})

    def site(number: int, ids: Sequence[int]) -> bytes:
        return target.request("PATCH", "/api/jobs/metadata", {str(job): {"Site": f"LCG.B{number}"} for job in ids})

    def disturbed(name: str, make: Callable[[int, Sequence[int]], bytes], size: int) -> Case:
        count = PREPARED if size < 10_000 else 4
        disturbing = each(count, lambda number: make(number, window(number, size, total)))
        return Case(f"beside/{name}", document, most=10**9, limit=False, writes=True, beside=disturbing)

    ours = target.most_jobs >= MANY  # the official server takes minutes for the others
    found = [disturbed(f"status-{size}x1", status, size) for size in (1000, 10_000) if size <= total]
    if ours and total >= 10_000:
        found += [disturbed("heartbeat-10000", beat, 10_000), disturbed("metadata-10000", site, 10_000)]
        again = always(
            target.request("POST", "/api/jobs/reschedule?reset_jobs=true", {"job_ids": list(range(1, MANY + 1))})
        )
        found.append(Case("beside/reschedule-1000", document, most=10**9, limit=False, writes=True, beside=again))
    found.append(Case("beside/search-10000", document, most=10**9, limit=False, beside=page))
    if ours:
        jdl = [f'{JDL} Parameters = {MANY}; JobGroup = "%s";']
        submission = always(target.request("POST", "/api/jobs/jdl", jdl))
        found.append(Case(f"beside/submit-{MANY}", document, most=10**9, limit=False, writes=True, beside=submission))
    return found

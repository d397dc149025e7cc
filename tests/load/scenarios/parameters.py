"""Job parameters: written with their metadata and read; the official server can't read them."""

from __future__ import annotations

from tests.load.scenarios import Case, each, window
from tests.load.seed import mine
from tests.load.target import Target

SIZES = ((1, 1000), (100, 150), (1000, 30))
"""(jobs in a request, most requests)"""


def cases(target: Target) -> list[Case]:
    """Two parameters of 1, 100 and 1000 jobs, written and then read."""
    if target.is_official:
        return []
    total = mine(target.jobs)

    def patch(number: int, size: int) -> bytes:
        updates = {str(job): {"HostName": f"node{number}", "PayloadPID": number} for job in window(number, size, total)}
        return target.request("PATCH", "/api/jobs/metadata", updates)

    def read(number: int, size: int) -> bytes:
        return target.request("POST", "/api/jobs/parameters", {"job_ids": list(window(number, size, total))})

    return [
        Case(
            f"parameters/{name}-{size}",
            each(most, lambda i, size=size, make=make: make(i, size)),  # type: ignore[misc]
            most=most,
            writes=name == "write",
            limit=False,
        )
        for size, most in SIZES
        if size <= total
        for name, make in (("write", patch), ("read", read))
    ]

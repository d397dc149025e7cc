"""What an installation gets all day, from 50 clients at once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from tests.load.client import Requests
from tests.load.scenarios import Case
from tests.load.scenarios.status import patch
from tests.load.scenarios.submit import JDL
from tests.load.seed import mine
from tests.load.target import Target

CLIENTS = 50
PREPARED = 6000
SHARES = (("heartbeat", 45), ("status", 25), ("search", 17), ("jwks", 6), ("summary", 4), ("submit", 3))
"""Percent of the requests."""


def cases(target: Target) -> list[Case]:
    """Heartbeats and status updates of single jobs, searches, summaries, documents, submissions."""

    def prepare() -> Requests:
        chance, began, total = random.Random(50), datetime.now(UTC), mine(target.jobs)
        kinds = chance.choices([name for name, _ in SHARES], [share for _, share in SHARES], k=PREPARED)
        made = [_request(target, kind, number, chance.randint(1, total), began) for number, kind in enumerate(kinds)]
        return lambda number: made[number % PREPARED]

    return [
        Case(
            "mixed", prepare, most=10**6, clients=CLIENTS, ok=(200, 201, 204, 206), writes=True, limit=False, warmup=50
        )
    ]


def _request(target: Target, kind: str, number: int, job: int, began: datetime) -> bytes:
    if kind == "heartbeat":
        return target.request("PATCH", "/api/jobs/heartbeat", {str(job): {"CPUConsumed": number, "LoadAverage": 1.5}})
    if kind == "status":
        return patch(target, [job], began + timedelta(milliseconds=number), number)
    if kind == "search":
        found = {"search": [{"parameter": "JobID", "operator": "eq", "value": job}]}
        return target.request("POST", "/api/jobs/search", found)
    if kind == "summary":
        return target.request("POST", "/api/jobs/summary", {"grouping": ["Status"], "search": []})
    if kind == "submit":
        return target.request("POST", "/api/jobs/jdl", [JDL])
    return target.request("GET", "/.well-known/jwks.json", signed=False)

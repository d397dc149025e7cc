"""What became of each job of a request that goes through as far as it can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import orjson
from fastapi import Body

from diracx_bridge.db.sql.job.db import LockedJob
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.idempotency import Answer
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.policies import JobPolicy, Right

JobIds = Annotated[list[int], Body(embed=True, max_length=100_000, description="Ids of the jobs.")]
"""Parameter type of routes that take many jobs by their ids."""
NOT_FOUND: Final = "not_found"
NOT_AUTHORIZED: Final = "not_authorized"
REFUSED: Final = "transition_refused"


@dataclass(slots=True)
class Outcomes:
    """By job: what was changed, and why something was not; a job may be in both."""

    success: dict[int, dict[str, Any]] = field(default_factory=dict)
    failed: dict[int, dict[str, str]] = field(default_factory=dict)

    def fail(self, job_id: int, code: str, detail: str) -> None:
        """Note why a job is not as the caller wants it."""
        self.failed[job_id] = {"detail": detail, "code": code}

    def body(self) -> bytes:
        """Both as JSON, in the order of the ids."""
        both = {"success": self.success, "failed": self.failed}
        # ids as text: numbers that no job can have may be too long for JSON's integers
        told = {name: {str(job_id): jobs[job_id] for job_id in sorted(jobs)} for name, jobs in both.items()}
        return orjson.dumps(told, option=orjson.OPT_UTC_Z)

    def answer(self) -> Answer:
        """It as the answer to the request."""
        return Answer(self.body())


async def jobs_for(
    tx: Transaction, stores: JobStores, policy: JobPolicy, user: Principal, right: Right, job_ids: Iterable[int]
) -> tuple[dict[int, LockedJob], Outcomes]:
    """The jobs that ``user`` has the right to, locked, and the outcomes with the others as failed."""
    wanted = set(job_ids)
    jobs = await stores.jobs.lock(tx, wanted)
    outcomes = Outcomes()
    for job_id in wanted - jobs.keys():
        outcomes.fail(job_id, NOT_FOUND, "No such job")
    for job_id in policy.without(right, user, jobs):
        outcomes.fail(job_id, NOT_AUTHORIZED, f"Neither you nor your group {user.group} may {VERBS[right]} this job")
        del jobs[job_id]
    return jobs, outcomes


VERBS: Final = {
    Right.READ: "read",
    Right.KILL: "kill",
    Right.DELETE: "delete",
    Right.RESCHEDULE: "reschedule",
    Right.SUBMIT: "confirm",
}

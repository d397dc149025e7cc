"""Submission of jobs: all of a request, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from diracx_bridge.core.job_status import IDEM, LogRecord
from diracx_bridge.core.turns import in_steps, in_turns
from diracx_bridge.db.sql.job.new_jobs import NewJob, Submitter
from diracx_bridge.db.sql.sandbox_metadata.db import Owner
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.jobs.input_sandboxes import assign_input_sandboxes
from diracx_bridge.services.jobs.jdl.expansion import Expansion, Submission, prepared_submission
from diracx_bridge.services.jobs.jdl.prepared import compressed
from diracx_bridge.services.jobs.jdl.rules import JobRules
from diracx_bridge.services.jobs.stores import JobStores

SOURCE: Final = "JobManager"
RECEIVED: Final = ("Received", "Job accepted")
SUBMITTING: Final = ("Submitting", "Bulk transaction confirmation")
"""Jobs of a parametric description wait until the client says that it has got the answer."""
AT_ONCE: Final = 20_000
"""Characters of descriptions that are parsed on the event loop; more are parsed in a thread."""
SLICE: Final = 100
"""Compressing the texts of so many jobs takes some milliseconds."""


async def prepared(rules: JobRules, user: Principal, descriptions: Sequence[str]) -> Submission:
    """The jobs of ``user`` that ``descriptions`` stand for, ready to be stored.

    Raises:
        InvalidInput: a description can't be accepted.
    """
    owner, group = user.preferred_username, user.group
    texts = set(descriptions)
    if sum(map(len, texts)) <= AT_ONCE and not any("Parameters" in text for text in texts):
        return prepared_submission(descriptions, rules, owner, group)
    expansion = await asyncio.to_thread(Expansion, descriptions, rules)
    await in_steps(lambda some: expansion.prepare(some, owner, group), expansion.distinct)
    return expansion.submission()


async def submit(tx: Transaction, stores: JobStores, user: Principal, submission: Submission) -> list[dict[str, Any]]:
    """Store the jobs; the answer has an ``InsertedJob`` for each, in the order of their descriptions."""
    status, minor_status = SUBMITTING if submission.parametric else RECEIVED
    now = datetime.now(UTC)
    record = LogRecord(status, minor_status, IDEM, now, SOURCE)
    ids = await stores.jobs.reserve(tx, len(submission.jobs))
    by = Submitter(user.preferred_username, user.group, user.vo)
    new = await _new_jobs(submission, ids)
    await stores.jobs.insert(tx, new, by, status=status, minor_status=minor_status, now=now)
    await stores.log.append(tx, {job_id: [record] for job_id in ids})
    named = {job_id: job.input_sandboxes for job_id, job in zip(ids, submission.jobs, strict=True)}
    await assign_input_sandboxes(tx, stores, Owner(by.owner, by.group, by.vo), named)
    return [{"JobID": i, "Status": status, "MinorStatus": minor_status, "TimeStamp": now} for i in ids]


async def _new_jobs(submission: Submission, ids: Sequence[int]) -> list[NewJob]:
    new = []
    async for job, job_id in in_turns(zip(submission.jobs, ids, strict=True), SLICE):
        jdl = compressed(job.jdl_for(job_id))
        new.append(NewJob(job_id, jdl, job.original, job.columns_for(job_id), job.priority, job.input_data_for(job_id)))
    return new

"""Running jobs again from the start, as DIRAC's JobManager does, whatever their state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import structlog

from diracx_bridge.core.errors import InvalidInput, PermissionDenied, Unavailable
from diracx_bridge.core.job_status import IDEM, LogRecord, StatusPlan, may_become
from diracx_bridge.core.turns import in_steps, in_turns
from diracx_bridge.db.os.job_parameters import JobParametersDB
from diracx_bridge.db.sql.bridge.db import OutboxRow
from diracx_bridge.db.sql.job.db import LockedJob
from diracx_bridge.db.sql.job.job_reads import Ownership
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.idempotency import Answer
from diracx_bridge.services.jobs.jdl.prepared import PreparedJob, compressed, extracted, prepare
from diracx_bridge.services.jobs.jdl.reader import bracketed, read_jdl
from diracx_bridge.services.jobs.jdl.rules import JobRules
from diracx_bridge.services.jobs.outcomes import NOT_AUTHORIZED, Outcomes, jobs_for
from diracx_bridge.services.jobs.status import columns
from diracx_bridge.services.jobs.stores import JobStores
from diracx_bridge.services.jobs.submission import AT_ONCE, SLICE, SOURCE
from diracx_bridge.services.policies import JobPolicy, Right

AGAIN: Final = ("Received", "Job Rescheduled")
EXHAUSTED: Final = ("Failed", "Maximum of reschedulings reached")
log = structlog.get_logger(__name__)

RulesOf = Callable[[str], JobRules]
"""VO -> what it allows."""
Parameters = Mapping[int, Mapping[str, Any]]
"""Job id -> name -> value."""


async def parameters_of(stores: JobStores, parameters: JobParametersDB, job_ids: Iterable[int]) -> Parameters:
    """The parameters of jobs, to be kept when they are rescheduled; those that are on their way to the store, too.

    They stay where they are, so a store that does not answer is no reason not to reschedule.
    """
    ids = list(job_ids)

    async def work(tx: Transaction) -> tuple[dict[int, Ownership], list[OutboxRow]]:
        return await stores.jobs.owners(tx, ids), await stores.bridge.noted_parameters(tx, ids)

    jobs, noted = await stores.server.read(work)
    vos: dict[str, list[int]] = {}
    for job_id, job in jobs.items():
        vos.setdefault(job.vo, []).append(job_id)
    found: dict[int, dict[str, Any]] = {}
    try:
        for vo, of_vo in vos.items():
            found |= await parameters.read(vo, of_vo)
    except Unavailable as error:
        log.warning("jobs are rescheduled without keeping all of their parameters", reason=str(error))
    for row in noted:
        found.setdefault(row.job_id, {}).update(orjson.loads(row.document))
    return found


async def reschedule_jobs(
    tx: Transaction,
    stores: JobStores,
    policy: JobPolicy,
    user: Principal,
    job_ids: Iterable[int],
    rules_of: RulesOf,
    parameters: Parameters,
    *,
    reset: bool,
) -> Outcomes:
    """Set jobs to Received, with their descriptions prepared anew; parameters and counter of the last run are kept.

    A job that was rescheduled as often as its VO allows is set to Failed and reported. ``reset``: the counter begins
    again at 0.

    Raises:
        PermissionDenied: the caller may reschedule none of the jobs.
    """
    now = datetime.now(UTC)
    jobs, outcomes = await jobs_for(tx, stores, policy, user, Right.RESCHEDULE, job_ids)
    if not jobs and any(reason["code"] == NOT_AUTHORIZED for reason in outcomes.failed.values()):
        raise PermissionDenied("Not your jobs: " + ", ".join(map(str, sorted(outcomes.failed)[:10])))
    good, exhausted = _chosen(jobs, outcomes, rules_of, reset=reset)
    if exhausted:
        await _fail(tx, stores, exhausted, now)
    prepared = await _prepared(await stores.jobs.jdls(tx, good), good, outcomes, rules_of)
    if not prepared:
        return outcomes
    counters = {job_id: 0 if reset else jobs[job_id].reschedule_counter + 1 for job_id in prepared}
    await stores.jobs.keep_parameters(
        tx,
        (
            (job_id, name, _text(value), jobs[job_id].reschedule_counter)
            for job_id in prepared
            for name, value in parameters.get(job_id, {}).items()
        ),
    )
    texts = []
    async for job_id, job in in_turns(prepared.items(), SLICE):
        jdl = job.jdl_for(job_id)
        site = job.columns_for(job_id).get("Site", "ANY")
        texts.append((job_id, compressed(jdl), None))
        outcomes.success[job_id] = _told(jobs[job_id], jdl, site, counters[job_id], now)
    await stores.jobs.set_jdls(tx, texts)
    again = [(job_id, outcomes.success[job_id]["Site"], counters[job_id]) for job_id in prepared]
    await stores.jobs.reschedule(tx, again, status=AGAIN[0], minor_status=AGAIN[1], now=now)
    record = LogRecord(*AGAIN, "Unknown", now, SOURCE)
    await stores.log.append(tx, {job_id: [record] for job_id in prepared})
    await stores.queues.remove_jobs(tx, prepared)
    return outcomes


def answer_of(outcomes: Outcomes) -> Answer:
    """As DiracX answers: 400 with the same content under ``detail`` if no job could be rescheduled."""
    if outcomes.success or not outcomes.failed:
        return outcomes.answer()
    return Answer(b'{"detail":' + outcomes.body() + b"}", 400)


def _chosen(
    jobs: Mapping[int, LockedJob], outcomes: Outcomes, rules_of: RulesOf, *, reset: bool
) -> tuple[dict[int, LockedJob], dict[int, LockedJob]]:
    """The jobs that may run again, and those that ran too often."""
    good, exhausted = {}, {}
    most = {vo: rules_of(vo).max_rescheduling for vo in {job.vo for job in jobs.values()}}
    for job_id, job in jobs.items():
        if not job.verified:
            outcomes.fail(job_id, "not_verified", f"It was never verified: {job.status}, {job.minor_status}")
        elif not reset and job.reschedule_counter >= most[job.vo]:
            outcomes.fail(job_id, "max_rescheduling", f"Maximum number of reschedulings is reached: {most[job.vo]}")
            exhausted[job_id] = job
        else:
            good[job_id] = job
    return good, exhausted


async def _prepared(
    jdls: Mapping[int, tuple[str, str]], jobs: Mapping[int, LockedJob], outcomes: Outcomes, rules_of: RulesOf
) -> dict[int, PreparedJob]:
    keys = {i: (jdls[i][1], job.owner, job.owner_group, job.vo) for i, job in jobs.items()}
    distinct = list(dict.fromkeys(keys.values()))
    made: dict[tuple[str, str, str, str], PreparedJob | InvalidInput] = {}

    def prepare_some(some: Sequence[tuple[str, str, str, str]]) -> None:
        made.update((key, _prepared_one(*key, rules_of)) for key in some)

    if sum(len(key[0]) for key in distinct) <= AT_ONCE:
        prepare_some(distinct)
    else:
        await in_steps(prepare_some, distinct)
    found = {}
    for job_id, key in keys.items():
        result = made[key]
        if isinstance(result, InvalidInput):
            outcomes.fail(job_id, "invalid_jdl", f"Its description can't be used: {result}")
        else:
            found[job_id] = result
    return found


def _prepared_one(stored: str, owner: str, group: str, vo: str, rules_of: RulesOf) -> PreparedJob | InvalidInput:
    try:
        text = bracketed(extracted(stored))
        return prepare(text, read_jdl(text), rules_of(vo), owner, group)
    except InvalidInput as error:
        return error


async def _fail(tx: Transaction, stores: JobStores, jobs: Mapping[int, LockedJob], now: datetime) -> None:
    record = LogRecord(*EXHAUSTED, IDEM, now, SOURCE)
    plan = StatusPlan(status=EXHAUSTED[0], minor_status=EXHAUSTED[1], last_update_time=now)
    failing = [job_id for job_id, job in jobs.items() if may_become(job.status, EXHAUSTED[0])]
    await stores.jobs.apply(tx, {job_id: columns(plan) for job_id in failing})
    await stores.log.append(tx, {job_id: [record] for job_id in failing})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _told(job: LockedJob, jdl: str, site: str, counter: int, now: datetime) -> dict[str, Any]:
    """What DiracX tells; it calls the description ``InputData``."""
    plan = StatusPlan(status=AGAIN[0], minor_status=AGAIN[1], application_status="Unknown", last_update_time=now)
    return {
        "InputData": jdl,
        "Site": site,
        "UserPriority": job.priority,
        "RescheduleTime": now,
        "RescheduleCounter": counter,
        **columns(plan),
    }

"""``/api/jobs``: search, count and change jobs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Request, Response

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.core.job_status import StatusChange
from diracx_bridge.core.models.jobs import (
    HeartbeatData,
    JobCommand,
    JobMetaData,
    JobStatusUpdate,
    SetJobStatusReturn,
)
from diracx_bridge.core.models.search import SearchParams, SummaryParams
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.idempotency import Answer, key_of, once
from diracx_bridge.services.jobs.heartbeat import add_heartbeats
from diracx_bridge.services.jobs.life_cycle_routes import router as life_cycle
from diracx_bridge.services.jobs.metadata import set_metadata
from diracx_bridge.services.jobs.parameter_routes import router as parameters
from diracx_bridge.services.jobs.reading_routes import router as reading
from diracx_bridge.services.jobs.sandbox_routes import router as sandboxes
from diracx_bridge.services.jobs.search import count_jobs, search_jobs
from diracx_bridge.services.jobs.status import StatusOutcome, set_statuses, stops_jobs
from diracx_bridge.services.jobs.submission_routes import router as submission
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)
router.routes.extend([*submission.routes, *sandboxes.routes, *life_cycle.routes, *reading.routes, *parameters.routes])
JSON = "application/json"


PART_OF_THE_RESULT: dict[int | str, dict[str, Any]] = {
    206: {
        "description": "One page of several",
        "model": list[dict[str, Any]],
        "headers": {"Content-Range": {"description": "jobs <first>-<last>/<total>", "schema": {"type": "string"}}},
    }
}


@router.post("/search", response_model=list[dict[str, Any]], responses=PART_OF_THE_RESULT)
async def search(
    request: Request,
    user: SignedIn,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=10000)] = 100,
    body: Annotated[SearchParams | None, Body()] = None,
) -> Response:
    """Find jobs. Pages are told by `Content-Range`: 206 for one page of several, 200 for everything.

    A page beyond the end is empty, with `Content-Range: jobs */<total>`.
    """
    app = runtime_of(request)
    filters = app.job_policy.search_filters(user, global_jobs_info=app.global_jobs_info(user.vo))
    found, which = await search_jobs(app.jobs.server, filters, body or SearchParams(), page=page, per_page=per_page)
    return Response(found, 206 if which.is_part else 200, which.headers("jobs"), JSON)


@router.post("/summary")
async def summary(request: Request, user: SignedIn, body: SummaryParams) -> Response:
    """Count jobs by the values of some columns."""
    app = runtime_of(request)
    filters = app.job_policy.search_filters(user, global_jobs_info=app.global_jobs_info(user.vo))
    return Response(await count_jobs(app.jobs.server, filters, body), media_type=JSON)


@router.patch("/status", response_model=SetJobStatusReturn)
async def set_job_statuses(
    request: Request,
    user: SignedIn,
    job_update: Annotated[dict[int, dict[datetime, JobStatusUpdate]], Body()],
    force: bool = False,
) -> Response:
    """Change the status of jobs; each job has updates by time (UTC).

    Jobs that could not be updated, and transitions that the state machine refused, are listed under `failed`. 404 if
    none of the jobs exists. Only job administrators may `force` a transition. A request with `Killed` or `Deleted` that
    is repeated with its `x-ms-client-request-id` is answered as the first time and does nothing.
    """
    app = runtime_of(request)
    changes = {
        job: {_utc(job, time): _change(update) for time, update in updates.items()}
        async for job, updates in in_turns(job_update.items())
    }

    async def work(tx: Transaction) -> Answer:
        return _told(await set_statuses(tx, app.jobs, app.job_policy, user, changes, force=force))

    key = await key_of(request, user) if stops_jobs(changes) else None
    return (await once(app.jobs, key, work)).response()


@router.patch("/heartbeat", response_model=list[JobCommand])
async def add_heartbeat(
    request: Request, user: SignedIn, data: Annotated[dict[int, HeartbeatData], Body()]
) -> Response:
    """Record what running jobs say of themselves; the answer is the commands that wait for them."""
    app = runtime_of(request)
    commands = await add_heartbeats(app.jobs, app.delivery, app.job_policy, user, data)
    return Response(orjson.dumps(commands), media_type=JSON)


@router.patch("/metadata", status_code=204, response_class=Response)
async def patch_metadata(request: Request, user: SignedIn, updates: Annotated[dict[int, JobMetaData], Body()]) -> None:
    """Set the attribute `Site` and any job parameters; other job attributes are refused and nothing is written."""
    app = runtime_of(request)
    await set_metadata(app.jobs, app.delivery, app.job_policy, user, updates)


def _told(outcome: StatusOutcome) -> Answer:
    told = {
        "success": {str(job): columns for job, columns in outcome.success.items()},
        "failed": {str(job): reason for job, reason in outcome.failed.items()},
    }
    nothing = outcome.nothing_found and bool(outcome.failed)
    return Answer(orjson.dumps({"detail": told} if nothing else told, option=orjson.OPT_UTC_Z), 404 if nothing else 200)


def _utc(job: int, time: datetime) -> datetime:
    if time.tzinfo is None or time.utcoffset() != timedelta(0):
        raise InvalidInput(
            f"Job {job}: the time {time.isoformat()} is not in UTC with a time zone; write it as 2026-01-31T23:59:59Z"
        )
    return time


def _change(update: JobStatusUpdate) -> StatusChange:
    status = None if update.status is None else str(update.status)
    return StatusChange(status, update.minor_status, update.application_status, update.source)

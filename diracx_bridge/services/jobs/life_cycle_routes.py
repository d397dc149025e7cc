"""Routes that end jobs, let them go on, or run them again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from diracx_bridge.core.models.job_life_cycle import JobOutcomes
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.idempotency import Answer, key_of, once
from diracx_bridge.services.jobs import life_cycle
from diracx_bridge.services.jobs.outcomes import JobIds, Outcomes
from diracx_bridge.services.jobs.rescheduling import answer_of, parameters_of
from diracx_bridge.services.jobs.rescheduling import reschedule_jobs as reschedule
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)
Force = Annotated[bool, Body(embed=True, description="Whatever their state is; for job administrators.")]


@router.post("/kill", response_model=JobOutcomes)
async def kill_jobs(request: Request, user: SignedIn, job_ids: JobIds, force: Force = False) -> Response:
    """Tell jobs to stop, and set them to Killed.

    Jobs that may not become Killed are listed under `failed`; the others go on. A request that is repeated with its
    `x-ms-client-request-id` is answered as the first time and does nothing.
    """
    app = runtime_of(request)
    return await _once(
        request, user, lambda tx: life_cycle.kill_jobs(tx, app.jobs, app.job_policy, user, job_ids, force=force)
    )


@router.post("/delete", response_model=JobOutcomes)
async def delete_jobs(request: Request, user: SignedIn, job_ids: JobIds, force: Force = False) -> Response:
    """Kill jobs as far as they can be killed, and set those to Deleted that can be deleted; DIRAC removes them later.

    A running job is killed only: it is listed under `failed` as not deleted, and under `success` as Killed.
    """
    app = runtime_of(request)
    return await _once(
        request, user, lambda tx: life_cycle.delete_jobs(tx, app.jobs, app.job_policy, user, job_ids, force=force)
    )


@router.post("/remove", response_model=JobOutcomes)
async def remove_jobs(request: Request, user: SignedIn, job_ids: JobIds) -> Response:
    """Remove jobs for good, whatever their state: from the databases of jobs, their logs and the task queues.

    Their job parameters stay, as with DIRAC's `removeJob`; sandboxes that no other job uses are free to be cleaned.
    """
    app = runtime_of(request)
    return await _once(request, user, lambda tx: life_cycle.remove_jobs(tx, app.jobs, app.job_policy, user, job_ids))


@router.post("/confirm", response_model=JobOutcomes)
async def confirm_jobs(
    request: Request,
    user: SignedIn,
    job_ids: JobIds,
    atomic: Annotated[bool, Body(embed=True, description="All of them, or none.")] = False,
) -> Response:
    """Let jobs of a parametric submission go on, from Submitting to Received; those that did so before are fine."""
    app = runtime_of(request)
    return await _once(
        request, user, lambda tx: life_cycle.confirm_jobs(tx, app.jobs, app.job_policy, user, job_ids, atomic=atomic)
    )


@router.post("/reschedule", response_model=dict[str, Any])
async def reschedule_jobs(
    request: Request, user: SignedIn, job_ids: Annotated[list[int], Body(embed=True)], reset_jobs: bool = False
) -> Response:
    """Run jobs again from the start, whatever their state; `reset_jobs` lets their counters begin at 0 again.

    `success` has, for each job, the columns that were set, and its new description under `InputData`. A job that was
    rescheduled too often is set to Failed and listed under `failed`, like jobs that do not exist. 400 with the same
    content under `detail` if none could be rescheduled.
    """
    app = runtime_of(request)
    parameters = await parameters_of(app.jobs, app.job_parameters, job_ids)

    async def work(tx: Transaction) -> Answer:
        outcomes = await reschedule(
            tx, app.jobs, app.job_policy, user, job_ids, app.job_rules, parameters, reset=reset_jobs
        )
        return answer_of(outcomes)

    return (await once(app.jobs, await key_of(request, user), work)).response()


async def _once(request: Request, user: Principal, change: Callable[[Transaction], Awaitable[Outcomes]]) -> Response:
    async def work(tx: Transaction) -> Answer:
        return (await change(tx)).answer()

    return (await once(runtime_of(request).jobs, await key_of(request, user), work)).response()

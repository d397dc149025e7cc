"""Routes that read what DiracX has no route for; what legacy JobMonitoring gives."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Request, Response

from diracx_bridge.core.models.job_life_cycle import JobDescription, JobHeartbeat, JobLogRecord
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.jobs.outcomes import JobIds
from diracx_bridge.services.jobs.reading import JobReader
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)
OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


@router.get("/{job_id}/jdl", response_model=JobDescription)
async def get_job_jdl(request: Request, user: SignedIn, job_id: int, original: bool = False) -> Response:
    """The description of a job: what is executed, or the `original` that was submitted."""
    jdl = await reader_of(request, user).jdl(job_id, original=original)
    return _json({"JobID": job_id, "Original": original, "JDL": jdl})


@router.get("/{job_id}/log", response_model=list[JobLogRecord])
async def get_job_log(request: Request, user: SignedIn, job_id: int) -> Response:
    """The history of a job, oldest change first; members that did not change are repeated."""
    return _json(await reader_of(request, user).log(job_id))


@router.post("/log", response_model=dict[int, list[JobLogRecord]])
async def get_job_logs(request: Request, user: SignedIn, job_ids: JobIds) -> Response:
    """The histories of jobs by id. Jobs that do not exist, or that the caller may not see, are absent."""
    return _json(await reader_of(request, user).logs(job_ids))


@router.get("/{job_id}/heartbeats", response_model=list[JobHeartbeat])
async def get_job_heartbeats(request: Request, user: SignedIn, job_id: int) -> Response:
    """What a job told of itself while it ran, in the order of time."""
    return _json(await reader_of(request, user).heartbeats(job_id))


@router.get("/{job_id}/input-data", response_model=list[str])
async def get_job_input_data(request: Request, user: SignedIn, job_id: int) -> Response:
    """The logical names of the input files of a job, without `LFN:`."""
    return _json(await reader_of(request, user).input_data(job_id))


@router.post("/input-data", response_model=dict[int, list[str]])
async def get_jobs_input_data(request: Request, user: SignedIn, job_ids: JobIds) -> Response:
    """The input files of jobs by id. Jobs that do not exist, or that the caller may not see, are absent."""
    return _json(await reader_of(request, user).input_data_of(job_ids))


@router.post("/attributes", response_model=dict[int, dict[str, Any]])
async def get_job_attributes(
    request: Request,
    user: SignedIn,
    job_ids: JobIds,
    names: Annotated[list[str] | None, Body(embed=True, description="Which; all of them if this is null.")] = None,
) -> Response:
    """Attributes (columns) of jobs by id. Jobs that do not exist, or that the caller may not see, are absent."""
    return _json(await reader_of(request, user).attributes(job_ids, names))


def reader_of(request: Request, user: Principal) -> JobReader:
    """What reads jobs for ``user``."""
    app = runtime_of(request)
    return JobReader(app.jobs, app.job_policy, user, global_jobs_info=app.global_jobs_info(user.vo))


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value, option=OPTIONS), media_type="application/json")

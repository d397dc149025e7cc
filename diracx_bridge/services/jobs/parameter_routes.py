"""Routes that read job parameters."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Request, Response

from diracx_bridge.core.models.search import SearchParams
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.jobs.outcomes import JobIds
from diracx_bridge.services.jobs.parameters import parameters_of, search_parameters
from diracx_bridge.services.jobs.reading_routes import reader_of
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)
JSON = "application/json"
Names = Annotated[list[str] | None, Body(embed=True, description="Which; all of them if this is null.")]


@router.get("/{job_id}/parameters", response_model=dict[str, Any])
async def get_job_parameters(request: Request, user: SignedIn, job_id: int) -> Response:
    """The parameters of a job by name, with `JobID` and `timestamp` (of the last change, ms since 1970)."""
    seen = await reader_of(request, user).seen(job_id)
    found = await parameters_of(runtime_of(request).job_parameters, seen, None)
    return Response(orjson.dumps(found[job_id]), media_type=JSON)


@router.post("/parameters", response_model=dict[int, dict[str, Any]])
async def get_jobs_parameters(request: Request, user: SignedIn, job_ids: JobIds, names: Names = None) -> Response:
    """The parameters of jobs by id and name, with `JobID` and `timestamp` as in `/api/jobs/{job_id}/parameters`.

    Jobs that do not exist, or that the caller may not see, are absent.
    """
    visible = await reader_of(request, user).visible(job_ids)
    found = await parameters_of(runtime_of(request).job_parameters, visible, names)
    return Response(orjson.dumps(found, option=orjson.OPT_NON_STR_KEYS), media_type=JSON)


@router.post("/parameters/search", response_model=list[dict[str, Any]])
async def search_job_parameters(
    request: Request,
    user: SignedIn,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=10000)] = 100,
    body: Annotated[SearchParams | None, Body()] = None,
) -> Response:
    """Find jobs by their parameters; each row has `JobID`, `timestamp` (ms since 1970) and the parameters.

    Parameters of DIRAC's mapping can be searched and sorted by, `HostName` excepted; text compares with regard to
    case. Pages are told by `Content-Range` as in `/api/jobs/search`. With OpenSearch, parameters that were written
    within the last second may not be found yet.
    """
    app = runtime_of(request)
    filters = app.job_policy.search_filters(user, global_jobs_info=app.global_jobs_info(user.vo))
    found = await search_parameters(
        app.job_parameters, app.jobs.server, filters, body or SearchParams(), page=page, per_page=per_page
    )
    return Response(orjson.dumps(found.rows), 206 if found.is_part else 200, found.headers("jobs"), JSON)

"""``/api/jobs/jdl``: submit jobs."""

from __future__ import annotations

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Body, Request, Response

from diracx_bridge.core.models.jobs import InsertedJob
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.idempotency import Answer, key_of, once
from diracx_bridge.services.jobs.submission import prepared, submit
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)
EXAMPLES: Final[dict[str, Any]] = {
    "One job": {"value": ['Executable = "/bin/echo"; Arguments = "hello"; JobName = "first"; JobType = "User";']},
    "Three jobs by a parameter": {
        "value": ['Executable = "/bin/echo"; Arguments = "%s"; Parameters = {"a", "b", "c"};']
    },
}


@router.post("/jdl", status_code=201, response_model=list[InsertedJob])
async def submit_jdl_jobs(
    request: Request, user: SignedIn, job_definitions: Annotated[list[str], Body(openapi_examples=EXAMPLES)]
) -> Response:
    """Submit jobs that are described in JDL: several, or one parametric description that stands for many.

    All of them are submitted, or none. Jobs of a parametric description stay in `Submitting` until they are confirmed.
    A request that is repeated with its `x-ms-client-request-id` is answered as the first time and submits nothing.
    """
    app = runtime_of(request)
    app.job_policy.may_submit(user)
    submission = await prepared(app.job_rules(user.vo), user, job_definitions)

    async def work(tx: Transaction) -> Answer:
        jobs = await submit(tx, app.jobs, user, submission)
        return Answer(orjson.dumps(jobs, option=orjson.OPT_UTC_Z), 201)

    return (await once(app.jobs, await key_of(request, user), work)).response()

"""``/api/pilots``: the pilots that carry jobs to computing elements."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.core.models.pilots import PilotMetadata, PilotRegistrationParams
from diracx_bridge.core.models.search import SearchParams, SummaryParams
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.idempotency import Answer, key_of, once
from diracx_bridge.services.pilots import pilots
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)
JSON = "application/json"
PART_OF_THE_RESULT: dict[int | str, dict[str, Any]] = {
    206: {
        "description": "One page of several",
        "model": list[dict[str, Any]],
        "headers": {"Content-Range": {"description": "pilots <first>-<last>/<total>", "schema": {"type": "string"}}},
    }
}


@router.post("/", status_code=201)
async def register_pilot(request: Request, user: SignedIn, registration: PilotRegistrationParams) -> Response:
    """Register a pilot that was submitted. 409 if there is one with this stamp."""
    app = runtime_of(request)
    if registration.vo not in app.source.current.config.registry:
        raise InvalidInput(f"VO {registration.vo} is not known to this installation")

    async def work(tx: Transaction) -> Answer:
        await pilots.register(tx, app.pilots, app.pilot_policy, user, registration)
        return Answer(b"null", 201)

    key = await key_of(request, user) if "BridgeDB" in app.pilots.server.databases else None
    return (await once(app.pilots, key, work)).response()


@router.patch("/metadata", status_code=204, response_class=Response)
async def update_pilot_metadata(
    request: Request, user: SignedIn, updates: Annotated[dict[str, PilotMetadata], Body()]
) -> None:
    """Change pilots, by stamp; absent members stay as they are. 404 names stamps that no pilot has."""
    app = runtime_of(request)
    await pilots.update(app.pilots, app.pilot_policy, user, updates)


@router.post("/search", response_model=list[dict[str, Any]], responses=PART_OF_THE_RESULT)
async def search(
    request: Request,
    user: SignedIn,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=10000)] = 100,
    body: Annotated[SearchParams | None, Body()] = None,
) -> Response:
    """Find pilots. Pages are told by `Content-Range`: 206 for one page of several, 200 for everything.

    A condition on `JobID` (`eq`, `in`) finds the pilots that ran a job. A page beyond the end is empty.
    """
    app = runtime_of(request)
    filters = app.pilot_policy.search_filters(user)
    found, which = await pilots.search_pilots(
        app.pilots.server, filters, body or SearchParams(), page=page, per_page=per_page
    )
    return Response(found, 206 if which.is_part else 200, which.headers("pilots"), JSON)


@router.post("/summary")
async def summary(request: Request, user: SignedIn, body: SummaryParams) -> Response:
    """Count pilots by the values of some columns."""
    app = runtime_of(request)
    filters = app.pilot_policy.search_filters(user)
    return Response(await pilots.count_pilots(app.pilots.server, filters, body), media_type=JSON)

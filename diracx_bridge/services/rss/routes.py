"""``/api/rss``: whether sites and resources may be used. Read only: DIRAC's agents and operators decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from diracx_bridge.core.models.resource_status import (
    ComputeElementStatus,
    FTSStatus,
    SiteStatus,
    StorageElementStatus,
)
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.conditional import conditional
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)
IfNoneMatch = Annotated[str | None, Header()]
IfModifiedSince = Annotated[str | None, Header()]
VARY = "Authorization, Accept-Encoding"


@router.get("/storage", response_model=dict[str, StorageElementStatus])
async def get_storage_status(
    request: Request, user: SignedIn, if_none_match: IfNoneMatch = None, if_modified_since: IfModifiedSince = None
) -> Response:
    """What may be done with storage elements. 304 if the client has it already."""
    return await _view("storage", request, user, if_none_match, if_modified_since)


@router.get("/compute", response_model=dict[str, ComputeElementStatus])
async def get_compute_status(
    request: Request, user: SignedIn, if_none_match: IfNoneMatch = None, if_modified_since: IfModifiedSince = None
) -> Response:
    """Whether jobs may go to computing elements. 304 if the client has it already."""
    return await _view("compute", request, user, if_none_match, if_modified_since)


@router.get("/site", response_model=dict[str, SiteStatus])
async def get_site_status(
    request: Request, user: SignedIn, if_none_match: IfNoneMatch = None, if_modified_since: IfModifiedSince = None
) -> Response:
    """Whether jobs may go to sites. 304 if the client has it already."""
    return await _view("site", request, user, if_none_match, if_modified_since)


@router.get("/fts", response_model=dict[str, FTSStatus])
async def get_fts_status(
    request: Request, user: SignedIn, if_none_match: IfNoneMatch = None, if_modified_since: IfModifiedSince = None
) -> Response:
    """Whether transfers may go to FTS servers. 304 if the client has it already."""
    return await _view("fts", request, user, if_none_match, if_modified_since)


async def _view(
    kind: str, request: Request, user: Principal, if_none_match: str | None, if_modified_since: str | None
) -> Response:
    app = runtime_of(request)
    view = await app.resource_status.view(kind, app.resource_status_policy.vo_for(user))
    return conditional(request, view, if_none_match, if_modified_since, vary=VARY)

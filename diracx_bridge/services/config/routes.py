"""``/api/config``: the typed configuration, as bytes that were made once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from diracx_bridge.core.properties import CS_ADMINISTRATOR, SERVICE_ADMINISTRATOR
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.conditional import conditional
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)


@router.get("/", response_model=Any)
async def serve_config(
    request: Request,
    user: SignedIn,
    if_none_match: Annotated[str | None, Header()] = None,
    if_modified_since: Annotated[str | None, Header()] = None,
) -> Response:
    """The configuration. 304 if the client has it already, by `If-None-Match` or else by `If-Modified-Since`.

    Administrators of the configuration or of services get all of it; others without certificate subjects, e-mail
    addresses and `Systems`, and of other VOs what logins need.
    """
    runtime = runtime_of(request)
    snapshot = runtime.source.current
    if not (user.has(CS_ADMINISTRATOR, SERVICE_ADMINISTRATOR) or runtime.settings.bridge_config_for_everybody):
        snapshot = await snapshot.for_members(user.vo)
    return conditional(request, snapshot, if_none_match, if_modified_since, vary="Accept-Encoding, Authorization")

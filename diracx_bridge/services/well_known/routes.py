"""``/.well-known``: where clients find everything else."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from diracx_bridge.core.errors import NotFound
from diracx_bridge.core.models.auth import Metadata, OpenIDConfiguration
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.runtime import Runtime, runtime_of
from diracx_bridge.services.well_known.documents import security_txt

router = APIRouter(route_class=DirectRoute)
JSON = "application/json"


@router.get("/openid-configuration", response_model=OpenIDConfiguration)
async def get_openid_configuration(request: Request) -> Response:
    """The endpoints, at the host by which the client reached us, and what they support."""
    base_url = str(request.base_url).rstrip("/")
    return Response(runtime_of(request).documents.discovery(base_url), media_type=JSON)


@router.get("/jwks.json", response_model=dict[str, Any])
async def get_jwks(request: Request) -> Response:
    """The public keys that check our tokens."""
    return Response(runtime_of(request).documents.jwks, media_type=JSON)


@router.get("/dirac-metadata", response_model=Metadata)
async def get_installation_metadata(request: Request) -> Response:
    """The VOs, their groups, and whom their members ask for help."""
    return Response(runtime_of(request).documents.metadata, media_type=JSON)


@router.get("/security.txt", response_model=str)
async def get_security_txt(request: Request) -> Response:
    """Whom to tell about vulnerabilities, as text (RFC 9116); as a JSON string for clients that accept JSON only."""
    text = security_txt(_contact(runtime_of(request)))
    if request.headers.get("accept", "").startswith(JSON):
        return Response(orjson.dumps(text), media_type=JSON)
    return Response(text, media_type="text/plain; charset=utf-8")


def _contact(app: Runtime) -> str:
    if app.settings.bridge_security_contact:
        return app.settings.bridge_security_contact
    for vo in app.source.current.config.registry.values():
        if vo.support.webpage or vo.support.email:
            return vo.support.webpage or f"mailto:{vo.support.email}"
    raise NotFound("No security contact is set up: set DIRACX_BRIDGE_SECURITY_CONTACT to a URL")

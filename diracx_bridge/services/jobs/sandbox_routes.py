"""The routes of ``/api/jobs`` about sandboxes. The archives themselves go to and from the store, not through here."""

from __future__ import annotations

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import AfterValidator

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.core.models.sandboxes import (
    SandboxDownloadResponse,
    SandboxInfo,
    SandboxType,
    SandboxUploadResponse,
)
from diracx_bridge.core.sandbox_pfn import LONGEST, SandboxPFN
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=DirectRoute)

PUBLISHED: Final[dict[str, Any]] = {
    "pattern": r"^(:?SB:[A-Za-z]+\|)?/S3/[a-z0-9\.\-]{3,63}(?:/[^/]+){3}/[a-z0-9]{3,10}:[0-9a-f]{64}\.[a-z0-9\.]+$"
}
"""The pattern that DiracX 0.7.0 publishes; storage elements with digits, dots and dashes are accepted beside it."""


def _pfn(text: str) -> str:
    try:
        SandboxPFN.parse(text)
    except InvalidInput as error:
        raise ValueError(str(error)) from None
    return text


@router.post("/sandbox", response_model=SandboxUploadResponse)
async def initiate_sandbox_upload(request: Request, user: SignedIn, sandbox_info: SandboxInfo) -> Response:
    """Announce an archive: the answer is its name, and where and with which form fields to upload it.

    No `url`: the archive is there already. The upload is refused unless size and checksum are what was announced.
    """
    pfn, upload = await runtime_of(request).sandboxes.initiate_upload(user, sandbox_info, _base_url(request))
    url, fields = (None, {}) if upload is None else (upload.url, upload.fields)
    return _json({"pfn": pfn, "url": url, "fields": fields})


@router.get("/sandbox", response_model=SandboxDownloadResponse)
async def get_sandbox_file(
    request: Request,
    user: SignedIn,
    pfn: Annotated[str, AfterValidator(_pfn), Query(max_length=LONGEST, json_schema_extra=PUBLISHED)],
) -> Response:
    """A URL from which the archive can be fetched. It needs no token: send it none."""
    url, seconds = await runtime_of(request).sandboxes.url_of(user, SandboxPFN.parse(pfn), _base_url(request))
    return _json({"url": url, "expires_in": seconds})


@router.post("/sandbox/unassign", status_code=204, response_class=Response)
async def unassign_bulk_jobs_sandboxes(
    request: Request, user: SignedIn, job_ids: Annotated[list[int], Body(embed=True)]
) -> None:
    """Let jobs use no sandboxes any more; those that nobody uses are deleted some days later."""
    await runtime_of(request).sandboxes.unassign(user, set(job_ids))


@router.get("/{job_id}/sandbox", response_model=dict[str, list[Any]])
async def get_job_sandboxes(request: Request, user: SignedIn, job_id: int) -> Response:
    """The names of the input and output sandboxes of a job."""
    return _json(await runtime_of(request).sandboxes.of_job(user, job_id))


@router.get("/{job_id}/sandbox/{sandbox_type}", response_model=list[Any])
async def get_job_sandbox(request: Request, user: SignedIn, job_id: int, sandbox_type: SandboxType) -> Response:
    """The names of the input, or of the output sandboxes of a job."""
    return _json((await runtime_of(request).sandboxes.of_job(user, job_id))[sandbox_type.capitalize()])


@router.patch("/{job_id}/sandbox/output")
async def assign_sandbox_to_job(
    request: Request,
    user: SignedIn,
    job_id: int,
    pfn: Annotated[str, AfterValidator(_pfn), Body(max_length=LONGEST, json_schema_extra=PUBLISHED)],
) -> None:
    """Make a sandbox an output sandbox of a job; doing it again changes nothing."""
    await runtime_of(request).sandboxes.assign_output(user, job_id, SandboxPFN.parse(pfn))


@router.delete("/{job_id}/sandbox")
async def unassign_job_sandboxes(request: Request, user: SignedIn, job_id: int) -> None:
    """Let a job use no sandboxes any more."""
    await runtime_of(request).sandboxes.unassign(user, {job_id})


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")


def _base_url(request: Request) -> str:
    return str(request.base_url).rstrip("/")

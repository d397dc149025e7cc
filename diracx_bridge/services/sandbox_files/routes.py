"""``/api/bridge/sandbox-files``: where the presigned URLs of the embedded sandbox store lead.

They need no token: whoever has the URL may do the one thing that it is for, as with S3.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from diracx_bridge.core.errors import InvalidInput, NotFound, Unavailable
from diracx_bridge.db.sandbox_store.files import FileSandboxStore, FileUpload
from diracx_bridge.services.runtime import runtime_of
from diracx_bridge.services.sandbox_files.form import Event, parts_of

router = APIRouter()
log = structlog.get_logger(__name__)

PIECE: Final = 1024 * 1024
"""Bytes that are gathered before a thread hashes and writes them."""


@router.post("/sandbox-files", status_code=204, response_class=Response, include_in_schema=False)
async def upload_sandbox(request: Request) -> None:
    """Take the archive that a presigned form announces."""
    store = _store(request)
    fields: dict[str, str] = {}
    events = parts_of(request.headers.get("content-type", ""), request.stream())
    async for kind, name, content in events:
        if kind == "field":
            fields[name] = content.decode(errors="replace")
        elif kind == "file":
            try:
                with store.allowed_upload(fields) as upload:
                    await _receive(upload, events)
            except OSError as error:
                log.error("sandbox not stored", why=error.strerror)
                raise Unavailable("The sandbox can't be stored now; try again.", retry_after=60) from error
            return
    raise InvalidInput("The form has no field `file` with the archive")


@router.get("/sandbox-files/{key:path}", include_in_schema=False)
async def download_sandbox(
    request: Request, key: str, expires: Annotated[str, Query()] = "", signature: Annotated[str, Query()] = ""
) -> Response:
    """The archive that a presigned URL names."""
    path = _store(request).allowed_download(key, expires, signature)
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("The sandbox was not uploaded, or was deleted because no job used it")
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=key.rpartition(":")[2],
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private"},
    )


async def _receive(upload: FileUpload, events: AsyncIterator[Event]) -> None:
    gathered = bytearray()
    async for kind, _, content in events:
        gathered += content
        if len(gathered) >= PIECE or kind == "end":
            await asyncio.to_thread(upload.write, bytes(gathered))
            gathered.clear()
        if kind == "end":
            await asyncio.to_thread(upload.finish)
            return
    raise InvalidInput("The form ended before the archive did")


def _store(request: Request) -> FileSandboxStore:
    store = runtime_of(request).sandboxes.store
    if not isinstance(store, FileSandboxStore):
        raise NotFound("This installation keeps its sandboxes elsewhere")
    return store

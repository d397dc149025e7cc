"""Settings of both kinds of sandbox stores, and what a client does with the URLs that they give."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from diracx_bridge.core.settings import SandboxStoreSettings
from tests.installation import Installation
from tests.servers.s3 import S3


def file_settings(folder: Path, **more: Any) -> dict[str, Any]:
    """Sandboxes in a directory."""
    return {"bridge_sandbox_directory": folder / "sandboxes", "sandbox_store": SandboxStoreSettings(**more)}


def s3_settings(s3: S3, **more: Any) -> dict[str, Any]:
    """Sandboxes in a new bucket of a real S3 server."""
    bucket = f"sandboxes-{secrets.token_hex(6)}"
    store = SandboxStoreSettings(bucket_name=bucket, s3_client_kwargs=s3.client_kwargs, auto_create_bucket=True, **more)
    return {"bridge_sandbox_directory": None, "sandbox_store": store}


@dataclass(frozen=True, slots=True)
class Archive:
    """Bytes that are not those of any other archive."""

    content: bytes

    @classmethod
    def new(cls, size: int = 1000) -> Archive:
        return cls(secrets.token_bytes(size))

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def info(self, **changes: Any) -> dict[str, Any]:
        """The body that announces it."""
        checksum = {"checksum_algorithm": "sha256", "checksum": self.checksum}
        return {**checksum, "size": len(self.content), "format": "tar.bz2", **changes}


async def send(installation: Installation, announced: dict[str, Any], content: bytes) -> httpx.Response:
    """Post ``content`` where the answer to an announcement says, as the official client does."""
    url: str = announced["url"]
    form = {"data": announced["fields"], "files": {"file": ("file", content)}}
    if url.startswith(str(installation.http.base_url)):
        return await installation.http.post(url, **form)
    async with httpx.AsyncClient() as http:
        return await http.post(url, **form)


async def fetch(installation: Installation, url: str) -> httpx.Response:
    """Get what is at a presigned URL."""
    if url.startswith(str(installation.http.base_url)):
        return await installation.http.get(url)
    async with httpx.AsyncClient() as http:
        return await http.get(url)


async def upload(installation: Installation, archive: Archive, **who: str) -> str:
    """Announce an archive, and upload it unless it is there; its full PFN."""
    announced = await installation.call("POST", "/api/jobs/sandbox", archive.info(), **who)
    assert announced.status_code == 200, announced.text
    if announced.json()["url"] is None:
        return str(announced.json()["pfn"])
    sent = await send(installation, announced.json(), archive.content)
    assert sent.status_code == 204, sent.text
    return str(announced.json()["pfn"])

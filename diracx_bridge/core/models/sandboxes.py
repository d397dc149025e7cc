"""Bodies of the sandbox routes."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

SandboxType = Literal["input", "output"]


class ChecksumAlgorithm(StrEnum):
    """Algorithms of the checksum of a sandbox."""

    SHA256 = "sha256"


class SandboxFormat(StrEnum):
    """Kinds of archives."""

    TAR_BZ2 = "tar.bz2"
    TAR_ZST = "tar.zst"


class SandboxInfo(BaseModel):
    """An archive that is to be uploaded."""

    checksum_algorithm: ChecksumAlgorithm
    checksum: str = Field(pattern=r"^[0-9a-fA-F]{64}$")
    size: int = Field(ge=1)
    format: SandboxFormat


class SandboxUploadResponse(BaseModel):
    """The name of a sandbox, and where to upload it; no ``url``: it is there already."""

    pfn: str
    url: str | None = None
    fields: dict[str, str] = {}


class SandboxDownloadResponse(BaseModel):
    """Where a sandbox can be fetched for ``expires_in`` seconds."""

    url: str
    expires_in: int

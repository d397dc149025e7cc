"""Bodies of the resource status routes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field


class AllowedStatus(BaseModel):
    """It may be used; ``warnings`` say with what caution."""

    allowed: Literal[True]
    warnings: str | None = None


class BannedStatus(BaseModel):
    """It may not be used."""

    allowed: Literal[False]
    reason: str = "Unknown"


Status = Annotated[AllowedStatus | BannedStatus, Field(discriminator="allowed")]


class StorageElementStatus(BaseModel):
    """What may be done with a storage element."""

    read: Status
    write: Status
    check: Status
    remove: Status


class ComputeElementStatus(BaseModel):
    """Whether jobs may go to a computing element."""

    all: Status


class SiteStatus(BaseModel):
    """Whether jobs may go to a site."""

    all: Status


class FTSStatus(BaseModel):
    """Whether transfers may go to an FTS server."""

    all: Status

"""Bodies of the pilot routes; lengths are those of the columns of DIRAC's PilotAgentsDB."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Site = Annotated[str, Field(max_length=128)]
GridType = Annotated[str, Field(max_length=32)]


class PilotStatus(StrEnum):
    """Where a pilot is in its life."""

    SUBMITTED = "Submitted"
    WAITING = "Waiting"
    RUNNING = "Running"
    DONE = "Done"
    FAILED = "Failed"
    DELETED = "Deleted"
    ABORTED = "Aborted"
    UNKNOWN = "Unknown"


class PilotRegistrationParams(BaseModel):
    """A pilot that was submitted; its reference at the computing element is the stamp unless it has another."""

    model_config = ConfigDict(extra="forbid")

    pilot_stamp: str = Field(min_length=1, max_length=32)
    vo: str = Field(min_length=1, max_length=128)
    grid_type: GridType = "DIRAC"
    grid_site: Site = "Unknown"
    destination_site: Site = "NotAssigned"
    pilot_reference: Annotated[str, Field(max_length=255)] | None = None
    pilot_status: PilotStatus = PilotStatus.SUBMITTED


class PilotMetadata(BaseModel):
    """What changes of a pilot; absent members stay as they are."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    status_reason: Annotated[str, Field(max_length=255)] | None = Field(None, alias="StatusReason")
    status: PilotStatus | None = Field(None, alias="Status")
    bench_mark: Annotated[float, Field(allow_inf_nan=False)] | None = Field(None, alias="BenchMark")
    destination_site: Site | None = Field(None, alias="DestinationSite")
    queue: Site | None = Field(None, alias="Queue")
    grid_site: Site | None = Field(None, alias="GridSite")
    grid_type: GridType | None = Field(None, alias="GridType")
    accounting_sent: bool | None = Field(None, alias="AccountingSent")
    current_job_id: int | None = Field(None, alias="CurrentJobID")

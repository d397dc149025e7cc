"""Bodies of the job routes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class JobStatus(StrEnum):
    """Where a job is in its life."""

    SUBMITTING = "Submitting"
    RECEIVED = "Received"
    CHECKING = "Checking"
    STAGING = "Staging"
    WAITING = "Waiting"
    MATCHED = "Matched"
    RUNNING = "Running"
    STALLED = "Stalled"
    COMPLETING = "Completing"
    DONE = "Done"
    COMPLETED = "Completed"
    FAILED = "Failed"
    DELETED = "Deleted"
    KILLED = "Killed"
    RESCHEDULED = "Rescheduled"


class InsertedJob(BaseModel):
    """A job that was submitted."""

    model_config = ConfigDict(populate_by_name=True)

    job_id: int = Field(alias="JobID", description="Its id.")
    status: str = Field(alias="Status", description="Its status.")
    minor_status: str = Field(alias="MinorStatus", description="Its status in more detail.")
    time_stamp: datetime = Field(alias="TimeStamp", description="When it was submitted.")


class JobStatusUpdate(BaseModel):
    """A requested change of a job's status; absent members stay as they are."""

    model_config = ConfigDict(populate_by_name=True)

    status: JobStatus | None = Field(None, alias="Status")
    minor_status: str | None = Field(None, alias="MinorStatus")
    application_status: str | None = Field(None, alias="ApplicationStatus")
    source: str = Field("Unknown", alias="Source")


class SetJobStatusReturnSuccess(BaseModel):
    """The columns that a status update changed; null for those that it left alone."""

    model_config = ConfigDict(populate_by_name=True)

    status: JobStatus | None = Field(None, alias="Status")
    minor_status: str | None = Field(None, alias="MinorStatus")
    application_status: str | None = Field(None, alias="ApplicationStatus")
    heart_beat_time: datetime | None = Field(None, alias="HeartBeatTime")
    start_exec_time: datetime | None = Field(None, alias="StartExecTime")
    end_exec_time: datetime | None = Field(None, alias="EndExecTime")
    last_update_time: datetime | None = Field(None, alias="LastUpdateTime")


class SetJobStatusReturn(BaseModel):
    """What became of each job of a status request."""

    success: dict[int, SetJobStatusReturnSuccess]
    failed: dict[int, dict[str, str]]


class HeartbeatData(BaseModel):
    """What a running job says of itself."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    load_average: float | None = Field(None, alias="LoadAverage", allow_inf_nan=False)
    memory_used: float | None = Field(None, alias="MemoryUsed", allow_inf_nan=False)
    vsize: float | None = Field(None, alias="Vsize", allow_inf_nan=False)
    available_disk_space: float | None = Field(None, alias="AvailableDiskSpace", allow_inf_nan=False)
    cpu_consumed: float | None = Field(None, alias="CPUConsumed", allow_inf_nan=False)
    wall_clock_time: float | None = Field(None, alias="WallClockTime", allow_inf_nan=False)
    standard_output: str | None = Field(None, alias="StandardOutput")


class JobCommand(BaseModel):
    """A command that waits for a job."""

    job_id: int
    command: str
    arguments: str | None = None


def _whole(value: object) -> object:
    """Legacy clients send whole numbers as text, with decimals (``"12.7"``, found as 12) or empty."""
    if value == "":
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return int(value) if abs(value) < float("inf") else value
    if isinstance(value, str):
        try:
            return int(value) if value.strip().lstrip("+-").isdigit() else int(float(value))
        except (ValueError, OverflowError):
            return value
    return value


def _text(value: object) -> object:
    """Legacy clients send numbers for keywords; they are found by their text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Whole = Annotated[int | None, BeforeValidator(_whole)]
Keyword = Annotated[str | None, BeforeValidator(_text)]


class JobParameters(BaseModel):
    """The job parameters that have a type of their own; any other name is welcome beside them."""

    model_config = ConfigDict(populate_by_name=True, extra="allow")

    timestamp: datetime | None = None
    cpu_normalization_factor: Whole = Field(None, alias="CPUNormalizationFactor")
    norm_cpu_time_s: Whole = Field(None, alias="NormCPUTime(s)")
    total_cpu_time_s: Whole = Field(None, alias="TotalCPUTime(s)")
    memory_mb: Whole = Field(None, alias="Memory(MB)")
    local_account: Keyword = Field(None, alias="LocalAccount")
    payload_pid: Whole = Field(None, alias="PayloadPID")
    pilot_agent: Keyword = Field(None, alias="PilotAgent")
    pilot_reference: Keyword = Field(None, alias="Pilot_Reference")
    host_name: Keyword = Field(None, alias="HostName")
    grid_ce: Keyword = Field(None, alias="GridCE")
    ce_queue: Keyword = Field(None, alias="CEQueue")
    batch_system: Keyword = Field(None, alias="BatchSystem")
    model_name: Keyword = Field(None, alias="ModelName")


class JobAttributes(BaseModel):
    """The columns of a job that the metadata route knows by name (most of them only to refuse them)."""

    model_config = ConfigDict(populate_by_name=True)

    job_type: str | None = Field(None, alias="JobType")
    job_group: str | None = Field(None, alias="JobGroup")
    site: str | None = Field(None, alias="Site")
    job_name: str | None = Field(None, alias="JobName")
    owner: str | None = Field(None, alias="Owner")
    owner_group: str | None = Field(None, alias="OwnerGroup")
    vo: str | None = Field(None, alias="VO")
    submission_time: datetime | None = Field(None, alias="SubmissionTime")
    reschedule_time: datetime | None = Field(None, alias="RescheduleTime")
    last_update_time: datetime | None = Field(None, alias="LastUpdateTime")
    start_exec_time: datetime | None = Field(None, alias="StartExecTime")
    heart_beat_time: datetime | None = Field(None, alias="HeartBeatTime")
    end_exec_time: datetime | None = Field(None, alias="EndExecTime")
    status: str | None = Field(None, alias="Status")
    minor_status: str | None = Field(None, alias="MinorStatus")
    application_status: str | None = Field(None, alias="ApplicationStatus")
    user_priority: int | None = Field(None, alias="UserPriority")
    reschedule_counter: int | None = Field(None, alias="RescheduleCounter")
    verified_flag: bool | None = Field(None, alias="VerifiedFlag")
    accounted_flag: bool | str | None = Field(None, alias="AccountedFlag")


ATTRIBUTE_COLUMNS = frozenset(field.alias or name for name, field in JobAttributes.model_fields.items())


class JobMetaData(JobParameters, JobAttributes):
    """Job attributes and job parameters in one body; unknown names are job parameters."""

    model_config = ConfigDict(populate_by_name=True, extra="allow")

    @model_validator(mode="after")
    def _finite(self) -> JobMetaData:
        for name, value in (self.model_extra or {}).items():
            if _has_infinity(value):
                raise ValueError(f"{name} is not a finite number: JSON documents can't hold it")
        return self


def _has_infinity(value: object) -> bool:
    if isinstance(value, float):
        return value != value or value in (float("inf"), float("-inf"))
    if isinstance(value, dict):
        return any(map(_has_infinity, value.values()))
    return isinstance(value, list) and any(map(_has_infinity, value))

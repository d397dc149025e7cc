"""Bodies of the job routes that DiracX does not have: ends of jobs, and what is read of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class JobFailure(BaseModel):
    """Why a job is not as the caller wants it."""

    detail: str = Field(description="What was wrong and what to do, for people.")
    code: str = Field(
        description="The same for programs: not_found, not_authorized, transition_refused, not_confirmed, "
        "not_verified, max_rescheduling, invalid_jdl."
    )


class JobOutcomes(BaseModel):
    """What became of each job of a request; a job may be in both."""

    success: dict[int, dict[str, Any]] = Field(description="Job id -> columns that were set.")
    failed: dict[int, JobFailure] = Field(description="Job id -> reason.")


class JobDescription(BaseModel):
    """The description of a job."""

    model_config = ConfigDict(populate_by_name=True)

    job_id: int = Field(alias="JobID")
    original: bool = Field(alias="Original", description="Whether it is the one that was submitted.")
    jdl: str = Field(alias="JDL")


class JobLogRecord(BaseModel):
    """A change of a job's status."""

    model_config = ConfigDict(populate_by_name=True)

    status: str = Field(alias="Status")
    minor_status: str = Field(alias="MinorStatus")
    application_status: str = Field(alias="ApplicationStatus")
    status_time: datetime = Field(alias="StatusTime")
    source: str = Field(alias="Source")


class JobHeartbeat(BaseModel):
    """A value that a running job told of itself."""

    model_config = ConfigDict(populate_by_name=True)

    name: str = Field(alias="Name")
    value: str = Field(alias="Value")
    heart_beat_time: datetime = Field(alias="HeartBeatTime")

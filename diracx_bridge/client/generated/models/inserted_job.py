from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="InsertedJob")


@_attrs_define
class InsertedJob:
    """A job that was submitted.

    Attributes:
        job_id (int): Its id.
        minor_status (str): Its status in more detail.
        status (str): Its status.
        time_stamp (datetime.datetime): When it was submitted.
    """

    job_id: int
    minor_status: str
    status: str
    time_stamp: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = self.job_id

        minor_status = self.minor_status

        status = self.status

        time_stamp = self.time_stamp.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "JobID": job_id,
                "MinorStatus": minor_status,
                "Status": status,
                "TimeStamp": time_stamp,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        job_id = d.pop("JobID")

        minor_status = d.pop("MinorStatus")

        status = d.pop("Status")

        time_stamp = datetime.datetime.fromisoformat(d.pop("TimeStamp"))

        inserted_job = cls(
            job_id=job_id,
            minor_status=minor_status,
            status=status,
            time_stamp=time_stamp,
        )

        inserted_job.additional_properties = d
        return inserted_job

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="JobLogRecord")


@_attrs_define
class JobLogRecord:
    """A change of a job's status.

    Attributes:
        application_status (str):
        minor_status (str):
        source (str):
        status (str):
        status_time (datetime.datetime):
    """

    application_status: str
    minor_status: str
    source: str
    status: str
    status_time: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        application_status = self.application_status

        minor_status = self.minor_status

        source = self.source

        status = self.status

        status_time = self.status_time.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ApplicationStatus": application_status,
                "MinorStatus": minor_status,
                "Source": source,
                "Status": status,
                "StatusTime": status_time,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        application_status = d.pop("ApplicationStatus")

        minor_status = d.pop("MinorStatus")

        source = d.pop("Source")

        status = d.pop("Status")

        status_time = datetime.datetime.fromisoformat(d.pop("StatusTime"))

        job_log_record = cls(
            application_status=application_status,
            minor_status=minor_status,
            source=source,
            status=status,
            status_time=status_time,
        )

        job_log_record.additional_properties = d
        return job_log_record

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="JobHeartbeat")


@_attrs_define
class JobHeartbeat:
    """A value that a running job told of itself.

    Attributes:
        heart_beat_time (datetime.datetime):
        name (str):
        value (str):
    """

    heart_beat_time: datetime.datetime
    name: str
    value: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        heart_beat_time = self.heart_beat_time.isoformat()

        name = self.name

        value = self.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "HeartBeatTime": heart_beat_time,
                "Name": name,
                "Value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        heart_beat_time = datetime.datetime.fromisoformat(d.pop("HeartBeatTime"))

        name = d.pop("Name")

        value = d.pop("Value")

        job_heartbeat = cls(
            heart_beat_time=heart_beat_time,
            name=name,
            value=value,
        )

        job_heartbeat.additional_properties = d
        return job_heartbeat

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

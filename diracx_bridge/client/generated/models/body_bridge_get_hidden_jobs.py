from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.body_bridge_get_hidden_jobs_seen_by import (
    BodyBridgeGetHiddenJobsSeenBy,
    check_body_bridge_get_hidden_jobs_seen_by,
)

T = TypeVar("T", bound="BodyBridgeGetHiddenJobs")


@_attrs_define
class BodyBridgeGetHiddenJobs:
    """
    Attributes:
        jobs (list[int]):
        seen_by (BodyBridgeGetHiddenJobsSeenBy): How the caller reads.
    """

    jobs: list[int]
    seen_by: BodyBridgeGetHiddenJobsSeenBy
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        jobs = self.jobs

        seen_by: str = self.seen_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "jobs": jobs,
                "seen_by": seen_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        jobs = cast(list[int], d.pop("jobs"))

        seen_by = check_body_bridge_get_hidden_jobs_seen_by(d.pop("seen_by"))

        body_bridge_get_hidden_jobs = cls(
            jobs=jobs,
            seen_by=seen_by,
        )

        body_bridge_get_hidden_jobs.additional_properties = d
        return body_bridge_get_hidden_jobs

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

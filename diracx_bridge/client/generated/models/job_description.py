from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="JobDescription")


@_attrs_define
class JobDescription:
    """The description of a job.

    Attributes:
        jdl (str):
        job_id (int):
        original (bool): Whether it is the one that was submitted.
    """

    jdl: str
    job_id: int
    original: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        jdl = self.jdl

        job_id = self.job_id

        original = self.original

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "JDL": jdl,
                "JobID": job_id,
                "Original": original,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        jdl = d.pop("JDL")

        job_id = d.pop("JobID")

        original = d.pop("Original")

        job_description = cls(
            jdl=jdl,
            job_id=job_id,
            original=original,
        )

        job_description.additional_properties = d
        return job_description

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

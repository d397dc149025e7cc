from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.job_outcomes_failed import JobOutcomesFailed
    from ..models.job_outcomes_success import JobOutcomesSuccess


T = TypeVar("T", bound="JobOutcomes")


@_attrs_define
class JobOutcomes:
    """What became of each job of a request; a job may be in both.

    Attributes:
        failed (JobOutcomesFailed): Job id -> reason.
        success (JobOutcomesSuccess): Job id -> columns that were set.
    """

    failed: JobOutcomesFailed
    success: JobOutcomesSuccess
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        failed = self.failed.to_dict()

        success = self.success.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "failed": failed,
                "success": success,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_outcomes_failed import JobOutcomesFailed  # noqa: PLC0415
        from ..models.job_outcomes_success import JobOutcomesSuccess  # noqa: PLC0415

        d = dict(src_dict)
        failed = JobOutcomesFailed.from_dict(d.pop("failed"))

        success = JobOutcomesSuccess.from_dict(d.pop("success"))

        job_outcomes = cls(
            failed=failed,
            success=success,
        )

        job_outcomes.additional_properties = d
        return job_outcomes

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

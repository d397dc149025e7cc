from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.set_job_status_return_failed import SetJobStatusReturnFailed
    from ..models.set_job_status_return_success_map import SetJobStatusReturnSuccessMap


T = TypeVar("T", bound="SetJobStatusReturn")


@_attrs_define
class SetJobStatusReturn:
    """What became of each job of a status request.

    Attributes:
        failed (SetJobStatusReturnFailed):
        success (SetJobStatusReturnSuccessMap):
    """

    failed: SetJobStatusReturnFailed
    success: SetJobStatusReturnSuccessMap
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
        from ..models.set_job_status_return_failed import SetJobStatusReturnFailed  # noqa: PLC0415
        from ..models.set_job_status_return_success_map import SetJobStatusReturnSuccessMap  # noqa: PLC0415

        d = dict(src_dict)
        failed = SetJobStatusReturnFailed.from_dict(d.pop("failed"))

        success = SetJobStatusReturnSuccessMap.from_dict(d.pop("success"))

        set_job_status_return = cls(
            failed=failed,
            success=success,
        )

        set_job_status_return.additional_properties = d
        return set_job_status_return

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

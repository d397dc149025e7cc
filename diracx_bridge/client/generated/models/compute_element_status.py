from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.allowed_status import AllowedStatus
    from ..models.banned_status import BannedStatus


T = TypeVar("T", bound="ComputeElementStatus")


@_attrs_define
class ComputeElementStatus:
    """Whether jobs may go to a computing element.

    Attributes:
        all_ (AllowedStatus | BannedStatus):
    """

    all_: AllowedStatus | BannedStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.allowed_status import AllowedStatus  # noqa: PLC0415

        all_: dict[str, Any]
        if isinstance(self.all_, AllowedStatus):
            all_ = self.all_.to_dict()
        else:
            all_ = self.all_.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "all": all_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.allowed_status import AllowedStatus  # noqa: PLC0415
        from ..models.banned_status import BannedStatus  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_all_(data: object) -> AllowedStatus | BannedStatus:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                all_type_0 = AllowedStatus.from_dict(data)

                return all_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            all_type_1 = BannedStatus.from_dict(data)

            return all_type_1

        all_ = _parse_all_(d.pop("all"))

        compute_element_status = cls(
            all_=all_,
        )

        compute_element_status.additional_properties = d
        return compute_element_status

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

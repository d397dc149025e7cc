from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.support_info import SupportInfo
    from ..models.vo_info_groups import VOInfoGroups


T = TypeVar("T", bound="VOInfo")


@_attrs_define
class VOInfo:
    """One VO as the login pages need it.

    Attributes:
        default_group (str):
        groups (VOInfoGroups):
        support (SupportInfo): Whom the members of a VO ask for help.
    """

    default_group: str
    groups: VOInfoGroups
    support: SupportInfo
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        default_group = self.default_group

        groups = self.groups.to_dict()

        support = self.support.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "default_group": default_group,
                "groups": groups,
                "support": support,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.support_info import SupportInfo  # noqa: PLC0415
        from ..models.vo_info_groups import VOInfoGroups  # noqa: PLC0415

        d = dict(src_dict)
        default_group = d.pop("default_group")

        groups = VOInfoGroups.from_dict(d.pop("groups"))

        support = SupportInfo.from_dict(d.pop("support"))

        vo_info = cls(
            default_group=default_group,
            groups=groups,
            support=support,
        )

        vo_info.additional_properties = d
        return vo_info

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

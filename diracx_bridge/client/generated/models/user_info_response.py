from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UserInfoResponse")


@_attrs_define
class UserInfoResponse:
    """Who the bearer of an access token is.

    Attributes:
        dirac_group (str):
        policies (Any):
        preferred_username (str):
        properties (list[str]):
        sub (str):
        vo (str):
    """

    dirac_group: str
    policies: Any
    preferred_username: str
    properties: list[str]
    sub: str
    vo: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        dirac_group = self.dirac_group

        policies = self.policies

        preferred_username = self.preferred_username

        properties = self.properties

        sub = self.sub

        vo = self.vo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dirac_group": dirac_group,
                "policies": policies,
                "preferred_username": preferred_username,
                "properties": properties,
                "sub": sub,
                "vo": vo,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        dirac_group = d.pop("dirac_group")

        policies = d.pop("policies")

        preferred_username = d.pop("preferred_username")

        properties = cast(list[str], d.pop("properties"))

        sub = d.pop("sub")

        vo = d.pop("vo")

        user_info_response = cls(
            dirac_group=dirac_group,
            policies=policies,
            preferred_username=preferred_username,
            properties=properties,
            sub=sub,
            vo=vo,
        )

        user_info_response.additional_properties = d
        return user_info_response

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

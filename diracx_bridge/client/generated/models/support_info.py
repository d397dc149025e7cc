from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SupportInfo")


@_attrs_define
class SupportInfo:
    """Whom the members of a VO ask for help.

    Attributes:
        email (None | str):
        message (str):
        webpage (None | str):
    """

    email: None | str
    message: str
    webpage: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        email: None | str
        email = self.email

        message = self.message

        webpage: None | str
        webpage = self.webpage

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "email": email,
                "message": message,
                "webpage": webpage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email = _parse_email(d.pop("email"))

        message = d.pop("message")

        def _parse_webpage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        webpage = _parse_webpage(d.pop("webpage"))

        support_info = cls(
            email=email,
            message=message,
            webpage=webpage,
        )

        support_info.additional_properties = d
        return support_info

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

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="FoundMismatch")


@_attrs_define
class FoundMismatch:
    """A kind of mismatch with its first example.

    Attributes:
        call (Any):
        count (int):
        fingerprint (str):
        method (str):
        service (str):
        what (str):
        diracx (Any | Unset):
        legacy (Any | Unset):
        vo (str | Unset):  Default: ''.
    """

    call: Any
    count: int
    fingerprint: str
    method: str
    service: str
    what: str
    diracx: Any | Unset = UNSET
    legacy: Any | Unset = UNSET
    vo: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        call = self.call

        count = self.count

        fingerprint = self.fingerprint

        method = self.method

        service = self.service

        what = self.what

        diracx = self.diracx

        legacy = self.legacy

        vo = self.vo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "call": call,
                "count": count,
                "fingerprint": fingerprint,
                "method": method,
                "service": service,
                "what": what,
            }
        )
        if diracx is not UNSET:
            field_dict["diracx"] = diracx
        if legacy is not UNSET:
            field_dict["legacy"] = legacy
        if vo is not UNSET:
            field_dict["vo"] = vo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        call = d.pop("call")

        count = d.pop("count")

        fingerprint = d.pop("fingerprint")

        method = d.pop("method")

        service = d.pop("service")

        what = d.pop("what")

        diracx = d.pop("diracx", UNSET)

        legacy = d.pop("legacy", UNSET)

        vo = d.pop("vo", UNSET)

        found_mismatch = cls(
            call=call,
            count=count,
            fingerprint=fingerprint,
            method=method,
            service=service,
            what=what,
            diracx=diracx,
            legacy=legacy,
            vo=vo,
        )

        found_mismatch.additional_properties = d
        return found_mismatch

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="KnownMismatch")


@_attrs_define
class KnownMismatch:
    """A kind of mismatch, how often and when it was seen, and its first example.

    Attributes:
        call (Any):
        count (int):
        diracx (Any):
        fingerprint (str):
        first_seen (datetime.datetime):
        last_seen (datetime.datetime):
        legacy (Any):
        method (str):
        service (str):
        vo (str):
        what (str):
    """

    call: Any
    count: int
    diracx: Any
    fingerprint: str
    first_seen: datetime.datetime
    last_seen: datetime.datetime
    legacy: Any
    method: str
    service: str
    vo: str
    what: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        call = self.call

        count = self.count

        diracx = self.diracx

        fingerprint = self.fingerprint

        first_seen = self.first_seen.isoformat()

        last_seen = self.last_seen.isoformat()

        legacy = self.legacy

        method = self.method

        service = self.service

        vo = self.vo

        what = self.what

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "call": call,
                "count": count,
                "diracx": diracx,
                "fingerprint": fingerprint,
                "first_seen": first_seen,
                "last_seen": last_seen,
                "legacy": legacy,
                "method": method,
                "service": service,
                "vo": vo,
                "what": what,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        call = d.pop("call")

        count = d.pop("count")

        diracx = d.pop("diracx")

        fingerprint = d.pop("fingerprint")

        first_seen = datetime.datetime.fromisoformat(d.pop("first_seen"))

        last_seen = datetime.datetime.fromisoformat(d.pop("last_seen"))

        legacy = d.pop("legacy")

        method = d.pop("method")

        service = d.pop("service")

        vo = d.pop("vo")

        what = d.pop("what")

        known_mismatch = cls(
            call=call,
            count=count,
            diracx=diracx,
            fingerprint=fingerprint,
            first_seen=first_seen,
            last_seen=last_seen,
            legacy=legacy,
            method=method,
            service=service,
            vo=vo,
            what=what,
        )

        known_mismatch.additional_properties = d
        return known_mismatch

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

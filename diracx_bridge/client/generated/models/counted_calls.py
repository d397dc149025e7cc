from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CountedCalls")


@_attrs_define
class CountedCalls:
    """Equal calls, counted.

    Attributes:
        classes (list[int]):
        count (int):
        longest (float):
        method (str):
        outcome (str):
        seconds (float):
        service (str):
        side (str):
        stage (str):
        comparison (str | Unset):  Default: ''.
        group (str | Unset):  Default: ''.
        reason (str | Unset):  Default: ''.
        user (str | Unset):  Default: ''.
        vo (str | Unset):  Default: ''.
    """

    classes: list[int]
    count: int
    longest: float
    method: str
    outcome: str
    seconds: float
    service: str
    side: str
    stage: str
    comparison: str | Unset = ""
    group: str | Unset = ""
    reason: str | Unset = ""
    user: str | Unset = ""
    vo: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        classes = self.classes

        count = self.count

        longest = self.longest

        method = self.method

        outcome = self.outcome

        seconds = self.seconds

        service = self.service

        side = self.side

        stage = self.stage

        comparison = self.comparison

        group = self.group

        reason = self.reason

        user = self.user

        vo = self.vo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "classes": classes,
                "count": count,
                "longest": longest,
                "method": method,
                "outcome": outcome,
                "seconds": seconds,
                "service": service,
                "side": side,
                "stage": stage,
            }
        )
        if comparison is not UNSET:
            field_dict["comparison"] = comparison
        if group is not UNSET:
            field_dict["group"] = group
        if reason is not UNSET:
            field_dict["reason"] = reason
        if user is not UNSET:
            field_dict["user"] = user
        if vo is not UNSET:
            field_dict["vo"] = vo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        classes = cast(list[int], d.pop("classes"))

        count = d.pop("count")

        longest = d.pop("longest")

        method = d.pop("method")

        outcome = d.pop("outcome")

        seconds = d.pop("seconds")

        service = d.pop("service")

        side = d.pop("side")

        stage = d.pop("stage")

        comparison = d.pop("comparison", UNSET)

        group = d.pop("group", UNSET)

        reason = d.pop("reason", UNSET)

        user = d.pop("user", UNSET)

        vo = d.pop("vo", UNSET)

        counted_calls = cls(
            classes=classes,
            count=count,
            longest=longest,
            method=method,
            outcome=outcome,
            seconds=seconds,
            service=service,
            side=side,
            stage=stage,
            comparison=comparison,
            group=group,
            reason=reason,
            user=user,
            vo=vo,
        )

        counted_calls.additional_properties = d
        return counted_calls

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CallSummary")


@_attrs_define
class CallSummary:
    """Calls of one kind: ``classes`` are their numbers by class of latency, ``users`` how many users made them.

    Attributes:
        classes (list[int]):
        comparison (str):
        count (int):
        first (datetime.datetime):
        last (datetime.datetime):
        longest (float):
        method (str):
        outcome (str):
        reason (str):
        seconds (float):
        service (str):
        side (str):
        stage (str):
        users (int):
        vo (str):
    """

    classes: list[int]
    comparison: str
    count: int
    first: datetime.datetime
    last: datetime.datetime
    longest: float
    method: str
    outcome: str
    reason: str
    seconds: float
    service: str
    side: str
    stage: str
    users: int
    vo: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        classes = self.classes

        comparison = self.comparison

        count = self.count

        first = self.first.isoformat()

        last = self.last.isoformat()

        longest = self.longest

        method = self.method

        outcome = self.outcome

        reason = self.reason

        seconds = self.seconds

        service = self.service

        side = self.side

        stage = self.stage

        users = self.users

        vo = self.vo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "classes": classes,
                "comparison": comparison,
                "count": count,
                "first": first,
                "last": last,
                "longest": longest,
                "method": method,
                "outcome": outcome,
                "reason": reason,
                "seconds": seconds,
                "service": service,
                "side": side,
                "stage": stage,
                "users": users,
                "vo": vo,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        classes = cast(list[int], d.pop("classes"))

        comparison = d.pop("comparison")

        count = d.pop("count")

        first = datetime.datetime.fromisoformat(d.pop("first"))

        last = datetime.datetime.fromisoformat(d.pop("last"))

        longest = d.pop("longest")

        method = d.pop("method")

        outcome = d.pop("outcome")

        reason = d.pop("reason")

        seconds = d.pop("seconds")

        service = d.pop("service")

        side = d.pop("side")

        stage = d.pop("stage")

        users = d.pop("users")

        vo = d.pop("vo")

        call_summary = cls(
            classes=classes,
            comparison=comparison,
            count=count,
            first=first,
            last=last,
            longest=longest,
            method=method,
            outcome=outcome,
            reason=reason,
            seconds=seconds,
            service=service,
            side=side,
            stage=stage,
            users=users,
            vo=vo,
        )

        call_summary.additional_properties = d
        return call_summary

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

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.rehearsed_request_path import RehearsedRequestPath, check_rehearsed_request_path
from ..types import UNSET, Unset

T = TypeVar("T", bound="RehearsedRequest")


@_attrs_define
class RehearsedRequest:
    """A request of one of the routes that change jobs.

    Attributes:
        body (Any):
        path (RehearsedRequestPath):
        method (str | Unset):  Default: 'PATCH'.
        query (str | Unset):  Default: ''.
    """

    body: Any
    path: RehearsedRequestPath
    method: str | Unset = "PATCH"
    query: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        body = self.body

        path: str = self.path

        method = self.method

        query = self.query

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "body": body,
                "path": path,
            }
        )
        if method is not UNSET:
            field_dict["method"] = method
        if query is not UNSET:
            field_dict["query"] = query

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        body = d.pop("body")

        path = check_rehearsed_request_path(d.pop("path"))

        method = d.pop("method", UNSET)

        query = d.pop("query", UNSET)

        rehearsed_request = cls(
            body=body,
            path=path,
            method=method,
            query=query,
        )

        rehearsed_request.additional_properties = d
        return rehearsed_request

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

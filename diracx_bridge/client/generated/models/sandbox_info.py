from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.checksum_algorithm import ChecksumAlgorithm, check_checksum_algorithm
from ..models.sandbox_format import SandboxFormat, check_sandbox_format

T = TypeVar("T", bound="SandboxInfo")


@_attrs_define
class SandboxInfo:
    """An archive that is to be uploaded.

    Attributes:
        checksum (str):
        checksum_algorithm (ChecksumAlgorithm): Algorithms of the checksum of a sandbox.
        format_ (SandboxFormat): Kinds of archives.
        size (int):
    """

    checksum: str
    checksum_algorithm: ChecksumAlgorithm
    format_: SandboxFormat
    size: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checksum = self.checksum

        checksum_algorithm: str = self.checksum_algorithm

        format_: str = self.format_

        size = self.size

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checksum": checksum,
                "checksum_algorithm": checksum_algorithm,
                "format": format_,
                "size": size,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        checksum = d.pop("checksum")

        checksum_algorithm = check_checksum_algorithm(d.pop("checksum_algorithm"))

        format_ = check_sandbox_format(d.pop("format"))

        size = d.pop("size")

        sandbox_info = cls(
            checksum=checksum,
            checksum_algorithm=checksum_algorithm,
            format_=format_,
            size=size,
        )

        sandbox_info.additional_properties = d
        return sandbox_info

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.sandbox_upload_response_fields import SandboxUploadResponseFields


T = TypeVar("T", bound="SandboxUploadResponse")


@_attrs_define
class SandboxUploadResponse:
    """The name of a sandbox, and where to upload it; no ``url``: it is there already.

    Attributes:
        pfn (str):
        fields (SandboxUploadResponseFields | Unset):
        url (None | str | Unset):
    """

    pfn: str
    fields: SandboxUploadResponseFields | Unset = UNSET
    url: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        pfn = self.pfn

        fields: dict[str, Any] | Unset = UNSET
        if not isinstance(self.fields, Unset):
            fields = self.fields.to_dict()

        url: None | str | Unset
        if isinstance(self.url, Unset):
            url = UNSET
        else:
            url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pfn": pfn,
            }
        )
        if fields is not UNSET:
            field_dict["fields"] = fields
        if url is not UNSET:
            field_dict["url"] = url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sandbox_upload_response_fields import SandboxUploadResponseFields  # noqa: PLC0415

        d = dict(src_dict)
        pfn = d.pop("pfn")

        _fields = d.pop("fields", UNSET)
        fields: SandboxUploadResponseFields | Unset
        if isinstance(_fields, Unset):
            fields = UNSET
        else:
            fields = SandboxUploadResponseFields.from_dict(_fields)

        def _parse_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        url = _parse_url(d.pop("url", UNSET))

        sandbox_upload_response = cls(
            pfn=pfn,
            fields=fields,
            url=url,
        )

        sandbox_upload_response.additional_properties = d
        return sandbox_upload_response

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.metadata_virtual_organizations import MetadataVirtualOrganizations


T = TypeVar("T", bound="Metadata")


@_attrs_define
class Metadata:
    """The VOs of this installation.

    Attributes:
        virtual_organizations (MetadataVirtualOrganizations):
    """

    virtual_organizations: MetadataVirtualOrganizations
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        virtual_organizations = self.virtual_organizations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "virtual_organizations": virtual_organizations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metadata_virtual_organizations import MetadataVirtualOrganizations  # noqa: PLC0415

        d = dict(src_dict)
        virtual_organizations = MetadataVirtualOrganizations.from_dict(d.pop("virtual_organizations"))

        metadata = cls(
            virtual_organizations=virtual_organizations,
        )

        metadata.additional_properties = d
        return metadata

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

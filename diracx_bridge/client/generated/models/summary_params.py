from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.scalar_search_spec import ScalarSearchSpec
    from ..models.vector_search_spec import VectorSearchSpec


T = TypeVar("T", bound="SummaryParams")


@_attrs_define
class SummaryParams:
    """By which columns the rows that match are grouped and counted.

    Attributes:
        grouping (list[str]):
        search (list[ScalarSearchSpec | VectorSearchSpec] | Unset):
    """

    grouping: list[str]
    search: list[ScalarSearchSpec | VectorSearchSpec] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.scalar_search_spec import ScalarSearchSpec  # noqa: PLC0415

        grouping = self.grouping

        search: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.search, Unset):
            search = []
            for search_item_data in self.search:
                search_item: dict[str, Any]
                if isinstance(search_item_data, ScalarSearchSpec):
                    search_item = search_item_data.to_dict()
                else:
                    search_item = search_item_data.to_dict()

                search.append(search_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "grouping": grouping,
            }
        )
        if search is not UNSET:
            field_dict["search"] = search

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.scalar_search_spec import ScalarSearchSpec  # noqa: PLC0415
        from ..models.vector_search_spec import VectorSearchSpec  # noqa: PLC0415

        d = dict(src_dict)
        grouping = cast(list[str], d.pop("grouping"))

        _search = d.pop("search", UNSET)
        search: list[ScalarSearchSpec | VectorSearchSpec] | Unset = UNSET
        if _search is not UNSET:
            search = []
            for search_item_data in _search:

                def _parse_search_item(data: object) -> ScalarSearchSpec | VectorSearchSpec:
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        search_item_type_0 = ScalarSearchSpec.from_dict(data)

                        return search_item_type_0
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    if not isinstance(data, dict):
                        raise TypeError()
                    search_item_type_1 = VectorSearchSpec.from_dict(data)

                    return search_item_type_1

                search_item = _parse_search_item(search_item_data)

                search.append(search_item)

        summary_params = cls(
            grouping=grouping,
            search=search,
        )

        summary_params.additional_properties = d
        return summary_params

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

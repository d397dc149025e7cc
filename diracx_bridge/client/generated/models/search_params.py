from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.scalar_search_spec import ScalarSearchSpec
    from ..models.sort_spec import SortSpec
    from ..models.vector_search_spec import VectorSearchSpec


T = TypeVar("T", bound="SearchParams")


@_attrs_define
class SearchParams:
    """Which columns of which rows in which order; everything is optional.

    Attributes:
        distinct (bool | Unset):  Default: False.
        parameters (list[str] | None | Unset):
        search (list[ScalarSearchSpec | VectorSearchSpec] | Unset):
        sort (list[SortSpec] | Unset):
    """

    distinct: bool | Unset = False
    parameters: list[str] | None | Unset = UNSET
    search: list[ScalarSearchSpec | VectorSearchSpec] | Unset = UNSET
    sort: list[SortSpec] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.scalar_search_spec import ScalarSearchSpec  # noqa: PLC0415

        distinct = self.distinct

        parameters: list[str] | None | Unset
        if isinstance(self.parameters, Unset):
            parameters = UNSET
        elif isinstance(self.parameters, list):
            parameters = self.parameters

        else:
            parameters = self.parameters

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

        sort: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.sort, Unset):
            sort = []
            for sort_item_data in self.sort:
                sort_item = sort_item_data.to_dict()
                sort.append(sort_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if distinct is not UNSET:
            field_dict["distinct"] = distinct
        if parameters is not UNSET:
            field_dict["parameters"] = parameters
        if search is not UNSET:
            field_dict["search"] = search
        if sort is not UNSET:
            field_dict["sort"] = sort

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.scalar_search_spec import ScalarSearchSpec  # noqa: PLC0415
        from ..models.sort_spec import SortSpec  # noqa: PLC0415
        from ..models.vector_search_spec import VectorSearchSpec  # noqa: PLC0415

        d = dict(src_dict)
        distinct = d.pop("distinct", UNSET)

        def _parse_parameters(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                parameters_type_0 = cast(list[str], data)

                return parameters_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        parameters = _parse_parameters(d.pop("parameters", UNSET))

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

        _sort = d.pop("sort", UNSET)
        sort: list[SortSpec] | Unset = UNSET
        if _sort is not UNSET:
            sort = []
            for sort_item_data in _sort:
                sort_item = SortSpec.from_dict(sort_item_data)

                sort.append(sort_item)

        search_params = cls(
            distinct=distinct,
            parameters=parameters,
            search=search,
            sort=sort,
        )

        search_params.additional_properties = d
        return search_params

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

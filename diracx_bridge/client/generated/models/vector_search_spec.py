from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.vector_search_operator import VectorSearchOperator, check_vector_search_operator

T = TypeVar("T", bound="VectorSearchSpec")


@_attrs_define
class VectorSearchSpec:
    """One condition on a list of values.

    Attributes:
        operator (VectorSearchOperator): Operators that compare a column with a list of values.
        parameter (str):
        values (list[int] | list[str]):
    """

    operator: VectorSearchOperator
    parameter: str
    values: list[int] | list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        operator: str = self.operator

        parameter = self.parameter

        values: list[int] | list[str]
        if isinstance(self.values, list):
            values = self.values

        else:
            values = self.values

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "operator": operator,
                "parameter": parameter,
                "values": values,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        operator = check_vector_search_operator(d.pop("operator"))

        parameter = d.pop("parameter")

        def _parse_values(data: object) -> list[int] | list[str]:
            try:
                if not isinstance(data, list):
                    raise TypeError()
                values_type_0 = cast(list[str], data)

                return values_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            values_type_1 = cast(list[int], data)

            return values_type_1

        values = _parse_values(d.pop("values"))

        vector_search_spec = cls(
            operator=operator,
            parameter=parameter,
            values=values,
        )

        vector_search_spec.additional_properties = d
        return vector_search_spec

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

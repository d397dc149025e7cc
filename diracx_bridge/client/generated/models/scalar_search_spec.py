from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scalar_search_operator import ScalarSearchOperator, check_scalar_search_operator

T = TypeVar("T", bound="ScalarSearchSpec")


@_attrs_define
class ScalarSearchSpec:
    """One condition on one value.

    Attributes:
        operator (ScalarSearchOperator): Operators that compare a column with one value.
        parameter (str):
        value (int | str):
    """

    operator: ScalarSearchOperator
    parameter: str
    value: int | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        operator: str = self.operator

        parameter = self.parameter

        value: int | str
        value = self.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "operator": operator,
                "parameter": parameter,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        operator = check_scalar_search_operator(d.pop("operator"))

        parameter = d.pop("parameter")

        def _parse_value(data: object) -> int | str:
            return cast(int | str, data)

        value = _parse_value(d.pop("value"))

        scalar_search_spec = cls(
            operator=operator,
            parameter=parameter,
            value=value,
        )

        scalar_search_spec.additional_properties = d
        return scalar_search_spec

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

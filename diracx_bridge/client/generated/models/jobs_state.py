from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.jobs_state_parameters_type_0 import JobsStateParametersType0
    from ..models.jobs_state_rows import JobsStateRows


T = TypeVar("T", bound="JobsState")


@_attrs_define
class JobsState:
    """The rows of jobs, and their parameters, as they are.

    Attributes:
        parameters (JobsStateParametersType0 | None):
        rows (JobsStateRows):
    """

    parameters: JobsStateParametersType0 | None
    rows: JobsStateRows
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.jobs_state_parameters_type_0 import JobsStateParametersType0  # noqa: PLC0415

        parameters: dict[str, Any] | None
        if isinstance(self.parameters, JobsStateParametersType0):
            parameters = self.parameters.to_dict()
        else:
            parameters = self.parameters

        rows = self.rows.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "parameters": parameters,
                "rows": rows,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.jobs_state_parameters_type_0 import JobsStateParametersType0  # noqa: PLC0415
        from ..models.jobs_state_rows import JobsStateRows  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_parameters(data: object) -> JobsStateParametersType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                parameters_type_0 = JobsStateParametersType0.from_dict(data)

                return parameters_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobsStateParametersType0 | None, data)

        parameters = _parse_parameters(d.pop("parameters"))

        rows = JobsStateRows.from_dict(d.pop("rows"))

        jobs_state = cls(
            parameters=parameters,
            rows=rows,
        )

        jobs_state.additional_properties = d
        return jobs_state

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

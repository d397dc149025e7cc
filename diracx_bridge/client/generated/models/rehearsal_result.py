from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rehearsal_result_after import RehearsalResultAfter
    from ..models.rehearsal_result_before import RehearsalResultBefore
    from ..models.rehearsal_result_parameters import RehearsalResultParameters
    from ..models.rehearsal_result_stored_type_0 import RehearsalResultStoredType0


T = TypeVar("T", bound="RehearsalResult")


@_attrs_define
class RehearsalResult:
    """The answer that the request would get, and the rows of its jobs before and after it.

    There are no rows of jobs that do not exist, or of any job if the caller may not change one of them. ``parameters``
    are those that would be written, ``stored`` those that are there, by job; ``None`` if the store does not answer, or
    if the route writes none.

        Attributes:
            status (int):
            after (RehearsalResultAfter | Unset):
            before (RehearsalResultBefore | Unset):
            body (Any | Unset):
            parameters (RehearsalResultParameters | Unset):
            stored (None | RehearsalResultStoredType0 | Unset):
    """

    status: int
    after: RehearsalResultAfter | Unset = UNSET
    before: RehearsalResultBefore | Unset = UNSET
    body: Any | Unset = UNSET
    parameters: RehearsalResultParameters | Unset = UNSET
    stored: None | RehearsalResultStoredType0 | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rehearsal_result_stored_type_0 import RehearsalResultStoredType0  # noqa: PLC0415

        status = self.status

        after: dict[str, Any] | Unset = UNSET
        if not isinstance(self.after, Unset):
            after = self.after.to_dict()

        before: dict[str, Any] | Unset = UNSET
        if not isinstance(self.before, Unset):
            before = self.before.to_dict()

        body = self.body

        parameters: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parameters, Unset):
            parameters = self.parameters.to_dict()

        stored: dict[str, Any] | None | Unset
        if isinstance(self.stored, Unset):
            stored = UNSET
        elif isinstance(self.stored, RehearsalResultStoredType0):
            stored = self.stored.to_dict()
        else:
            stored = self.stored

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
            }
        )
        if after is not UNSET:
            field_dict["after"] = after
        if before is not UNSET:
            field_dict["before"] = before
        if body is not UNSET:
            field_dict["body"] = body
        if parameters is not UNSET:
            field_dict["parameters"] = parameters
        if stored is not UNSET:
            field_dict["stored"] = stored

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rehearsal_result_after import RehearsalResultAfter  # noqa: PLC0415
        from ..models.rehearsal_result_before import RehearsalResultBefore  # noqa: PLC0415
        from ..models.rehearsal_result_parameters import RehearsalResultParameters  # noqa: PLC0415
        from ..models.rehearsal_result_stored_type_0 import RehearsalResultStoredType0  # noqa: PLC0415

        d = dict(src_dict)
        status = d.pop("status")

        _after = d.pop("after", UNSET)
        after: RehearsalResultAfter | Unset
        if isinstance(_after, Unset):
            after = UNSET
        else:
            after = RehearsalResultAfter.from_dict(_after)

        _before = d.pop("before", UNSET)
        before: RehearsalResultBefore | Unset
        if isinstance(_before, Unset):
            before = UNSET
        else:
            before = RehearsalResultBefore.from_dict(_before)

        body = d.pop("body", UNSET)

        _parameters = d.pop("parameters", UNSET)
        parameters: RehearsalResultParameters | Unset
        if isinstance(_parameters, Unset):
            parameters = UNSET
        else:
            parameters = RehearsalResultParameters.from_dict(_parameters)

        def _parse_stored(data: object) -> None | RehearsalResultStoredType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                stored_type_0 = RehearsalResultStoredType0.from_dict(data)

                return stored_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RehearsalResultStoredType0 | Unset, data)

        stored = _parse_stored(d.pop("stored", UNSET))

        rehearsal_result = cls(
            status=status,
            after=after,
            before=before,
            body=body,
            parameters=parameters,
            stored=stored,
        )

        rehearsal_result.additional_properties = d
        return rehearsal_result

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

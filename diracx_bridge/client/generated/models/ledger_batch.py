from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.counted_calls import CountedCalls
    from ..models.found_mismatch import FoundMismatch


T = TypeVar("T", bound="LedgerBatch")


@_attrs_define
class LedgerBatch:
    """What a process has counted since its last batch; ``dropped`` is how much it left out: it had no room for
    it, or does not know whether it arrived.

        Attributes:
            calls (list[CountedCalls] | Unset):
            dropped (int | Unset):  Default: 0.
            mismatches (list[FoundMismatch] | Unset):
    """

    calls: list[CountedCalls] | Unset = UNSET
    dropped: int | Unset = 0
    mismatches: list[FoundMismatch] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        calls: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.calls, Unset):
            calls = []
            for calls_item_data in self.calls:
                calls_item = calls_item_data.to_dict()
                calls.append(calls_item)

        dropped = self.dropped

        mismatches: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.mismatches, Unset):
            mismatches = []
            for mismatches_item_data in self.mismatches:
                mismatches_item = mismatches_item_data.to_dict()
                mismatches.append(mismatches_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if calls is not UNSET:
            field_dict["calls"] = calls
        if dropped is not UNSET:
            field_dict["dropped"] = dropped
        if mismatches is not UNSET:
            field_dict["mismatches"] = mismatches

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.counted_calls import CountedCalls  # noqa: PLC0415
        from ..models.found_mismatch import FoundMismatch  # noqa: PLC0415

        d = dict(src_dict)
        _calls = d.pop("calls", UNSET)
        calls: list[CountedCalls] | Unset = UNSET
        if _calls is not UNSET:
            calls = []
            for calls_item_data in _calls:
                calls_item = CountedCalls.from_dict(calls_item_data)

                calls.append(calls_item)

        dropped = d.pop("dropped", UNSET)

        _mismatches = d.pop("mismatches", UNSET)
        mismatches: list[FoundMismatch] | Unset = UNSET
        if _mismatches is not UNSET:
            mismatches = []
            for mismatches_item_data in _mismatches:
                mismatches_item = FoundMismatch.from_dict(mismatches_item_data)

                mismatches.append(mismatches_item)

        ledger_batch = cls(
            calls=calls,
            dropped=dropped,
            mismatches=mismatches,
        )

        ledger_batch.additional_properties = d
        return ledger_batch

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

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.pilot_status import PilotStatus, check_pilot_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="PilotMetadata")


@_attrs_define
class PilotMetadata:
    """What changes of a pilot; absent members stay as they are.

    Attributes:
        accounting_sent (bool | None | Unset):
        bench_mark (float | None | Unset):
        current_job_id (int | None | Unset):
        destination_site (None | str | Unset):
        grid_site (None | str | Unset):
        grid_type (None | str | Unset):
        queue (None | str | Unset):
        status (None | PilotStatus | Unset):
        status_reason (None | str | Unset):
    """

    accounting_sent: bool | None | Unset = UNSET
    bench_mark: float | None | Unset = UNSET
    current_job_id: int | None | Unset = UNSET
    destination_site: None | str | Unset = UNSET
    grid_site: None | str | Unset = UNSET
    grid_type: None | str | Unset = UNSET
    queue: None | str | Unset = UNSET
    status: None | PilotStatus | Unset = UNSET
    status_reason: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        accounting_sent: bool | None | Unset
        if isinstance(self.accounting_sent, Unset):
            accounting_sent = UNSET
        else:
            accounting_sent = self.accounting_sent

        bench_mark: float | None | Unset
        if isinstance(self.bench_mark, Unset):
            bench_mark = UNSET
        else:
            bench_mark = self.bench_mark

        current_job_id: int | None | Unset
        if isinstance(self.current_job_id, Unset):
            current_job_id = UNSET
        else:
            current_job_id = self.current_job_id

        destination_site: None | str | Unset
        if isinstance(self.destination_site, Unset):
            destination_site = UNSET
        else:
            destination_site = self.destination_site

        grid_site: None | str | Unset
        if isinstance(self.grid_site, Unset):
            grid_site = UNSET
        else:
            grid_site = self.grid_site

        grid_type: None | str | Unset
        if isinstance(self.grid_type, Unset):
            grid_type = UNSET
        else:
            grid_type = self.grid_type

        queue: None | str | Unset
        if isinstance(self.queue, Unset):
            queue = UNSET
        else:
            queue = self.queue

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        status_reason: None | str | Unset
        if isinstance(self.status_reason, Unset):
            status_reason = UNSET
        else:
            status_reason = self.status_reason

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if accounting_sent is not UNSET:
            field_dict["AccountingSent"] = accounting_sent
        if bench_mark is not UNSET:
            field_dict["BenchMark"] = bench_mark
        if current_job_id is not UNSET:
            field_dict["CurrentJobID"] = current_job_id
        if destination_site is not UNSET:
            field_dict["DestinationSite"] = destination_site
        if grid_site is not UNSET:
            field_dict["GridSite"] = grid_site
        if grid_type is not UNSET:
            field_dict["GridType"] = grid_type
        if queue is not UNSET:
            field_dict["Queue"] = queue
        if status is not UNSET:
            field_dict["Status"] = status
        if status_reason is not UNSET:
            field_dict["StatusReason"] = status_reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_accounting_sent(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        accounting_sent = _parse_accounting_sent(d.pop("AccountingSent", UNSET))

        def _parse_bench_mark(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        bench_mark = _parse_bench_mark(d.pop("BenchMark", UNSET))

        def _parse_current_job_id(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        current_job_id = _parse_current_job_id(d.pop("CurrentJobID", UNSET))

        def _parse_destination_site(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        destination_site = _parse_destination_site(d.pop("DestinationSite", UNSET))

        def _parse_grid_site(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        grid_site = _parse_grid_site(d.pop("GridSite", UNSET))

        def _parse_grid_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        grid_type = _parse_grid_type(d.pop("GridType", UNSET))

        def _parse_queue(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        queue = _parse_queue(d.pop("Queue", UNSET))

        def _parse_status(data: object) -> None | PilotStatus | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_pilot_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PilotStatus | Unset, data)

        status = _parse_status(d.pop("Status", UNSET))

        def _parse_status_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        status_reason = _parse_status_reason(d.pop("StatusReason", UNSET))

        pilot_metadata = cls(
            accounting_sent=accounting_sent,
            bench_mark=bench_mark,
            current_job_id=current_job_id,
            destination_site=destination_site,
            grid_site=grid_site,
            grid_type=grid_type,
            queue=queue,
            status=status,
            status_reason=status_reason,
        )

        return pilot_metadata

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="HeartbeatData")


@_attrs_define
class HeartbeatData:
    """What a running job says of itself.

    Attributes:
        available_disk_space (float | None | Unset):
        cpu_consumed (float | None | Unset):
        load_average (float | None | Unset):
        memory_used (float | None | Unset):
        standard_output (None | str | Unset):
        vsize (float | None | Unset):
        wall_clock_time (float | None | Unset):
    """

    available_disk_space: float | None | Unset = UNSET
    cpu_consumed: float | None | Unset = UNSET
    load_average: float | None | Unset = UNSET
    memory_used: float | None | Unset = UNSET
    standard_output: None | str | Unset = UNSET
    vsize: float | None | Unset = UNSET
    wall_clock_time: float | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        available_disk_space: float | None | Unset
        if isinstance(self.available_disk_space, Unset):
            available_disk_space = UNSET
        else:
            available_disk_space = self.available_disk_space

        cpu_consumed: float | None | Unset
        if isinstance(self.cpu_consumed, Unset):
            cpu_consumed = UNSET
        else:
            cpu_consumed = self.cpu_consumed

        load_average: float | None | Unset
        if isinstance(self.load_average, Unset):
            load_average = UNSET
        else:
            load_average = self.load_average

        memory_used: float | None | Unset
        if isinstance(self.memory_used, Unset):
            memory_used = UNSET
        else:
            memory_used = self.memory_used

        standard_output: None | str | Unset
        if isinstance(self.standard_output, Unset):
            standard_output = UNSET
        else:
            standard_output = self.standard_output

        vsize: float | None | Unset
        if isinstance(self.vsize, Unset):
            vsize = UNSET
        else:
            vsize = self.vsize

        wall_clock_time: float | None | Unset
        if isinstance(self.wall_clock_time, Unset):
            wall_clock_time = UNSET
        else:
            wall_clock_time = self.wall_clock_time

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if available_disk_space is not UNSET:
            field_dict["AvailableDiskSpace"] = available_disk_space
        if cpu_consumed is not UNSET:
            field_dict["CPUConsumed"] = cpu_consumed
        if load_average is not UNSET:
            field_dict["LoadAverage"] = load_average
        if memory_used is not UNSET:
            field_dict["MemoryUsed"] = memory_used
        if standard_output is not UNSET:
            field_dict["StandardOutput"] = standard_output
        if vsize is not UNSET:
            field_dict["Vsize"] = vsize
        if wall_clock_time is not UNSET:
            field_dict["WallClockTime"] = wall_clock_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_available_disk_space(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        available_disk_space = _parse_available_disk_space(d.pop("AvailableDiskSpace", UNSET))

        def _parse_cpu_consumed(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cpu_consumed = _parse_cpu_consumed(d.pop("CPUConsumed", UNSET))

        def _parse_load_average(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        load_average = _parse_load_average(d.pop("LoadAverage", UNSET))

        def _parse_memory_used(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        memory_used = _parse_memory_used(d.pop("MemoryUsed", UNSET))

        def _parse_standard_output(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        standard_output = _parse_standard_output(d.pop("StandardOutput", UNSET))

        def _parse_vsize(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        vsize = _parse_vsize(d.pop("Vsize", UNSET))

        def _parse_wall_clock_time(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        wall_clock_time = _parse_wall_clock_time(d.pop("WallClockTime", UNSET))

        heartbeat_data = cls(
            available_disk_space=available_disk_space,
            cpu_consumed=cpu_consumed,
            load_average=load_average,
            memory_used=memory_used,
            standard_output=standard_output,
            vsize=vsize,
            wall_clock_time=wall_clock_time,
        )

        return heartbeat_data

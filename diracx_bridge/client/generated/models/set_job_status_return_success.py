from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status import JobStatus, check_job_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="SetJobStatusReturnSuccess")


@_attrs_define
class SetJobStatusReturnSuccess:
    """The columns that a status update changed; null for those that it left alone.

    Attributes:
        application_status (None | str | Unset):
        end_exec_time (datetime.datetime | None | Unset):
        heart_beat_time (datetime.datetime | None | Unset):
        last_update_time (datetime.datetime | None | Unset):
        minor_status (None | str | Unset):
        start_exec_time (datetime.datetime | None | Unset):
        status (JobStatus | None | Unset):
    """

    application_status: None | str | Unset = UNSET
    end_exec_time: datetime.datetime | None | Unset = UNSET
    heart_beat_time: datetime.datetime | None | Unset = UNSET
    last_update_time: datetime.datetime | None | Unset = UNSET
    minor_status: None | str | Unset = UNSET
    start_exec_time: datetime.datetime | None | Unset = UNSET
    status: JobStatus | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        application_status: None | str | Unset
        if isinstance(self.application_status, Unset):
            application_status = UNSET
        else:
            application_status = self.application_status

        end_exec_time: None | str | Unset
        if isinstance(self.end_exec_time, Unset):
            end_exec_time = UNSET
        elif isinstance(self.end_exec_time, datetime.datetime):
            end_exec_time = self.end_exec_time.isoformat()
        else:
            end_exec_time = self.end_exec_time

        heart_beat_time: None | str | Unset
        if isinstance(self.heart_beat_time, Unset):
            heart_beat_time = UNSET
        elif isinstance(self.heart_beat_time, datetime.datetime):
            heart_beat_time = self.heart_beat_time.isoformat()
        else:
            heart_beat_time = self.heart_beat_time

        last_update_time: None | str | Unset
        if isinstance(self.last_update_time, Unset):
            last_update_time = UNSET
        elif isinstance(self.last_update_time, datetime.datetime):
            last_update_time = self.last_update_time.isoformat()
        else:
            last_update_time = self.last_update_time

        minor_status: None | str | Unset
        if isinstance(self.minor_status, Unset):
            minor_status = UNSET
        else:
            minor_status = self.minor_status

        start_exec_time: None | str | Unset
        if isinstance(self.start_exec_time, Unset):
            start_exec_time = UNSET
        elif isinstance(self.start_exec_time, datetime.datetime):
            start_exec_time = self.start_exec_time.isoformat()
        else:
            start_exec_time = self.start_exec_time

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if application_status is not UNSET:
            field_dict["ApplicationStatus"] = application_status
        if end_exec_time is not UNSET:
            field_dict["EndExecTime"] = end_exec_time
        if heart_beat_time is not UNSET:
            field_dict["HeartBeatTime"] = heart_beat_time
        if last_update_time is not UNSET:
            field_dict["LastUpdateTime"] = last_update_time
        if minor_status is not UNSET:
            field_dict["MinorStatus"] = minor_status
        if start_exec_time is not UNSET:
            field_dict["StartExecTime"] = start_exec_time
        if status is not UNSET:
            field_dict["Status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_application_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        application_status = _parse_application_status(d.pop("ApplicationStatus", UNSET))

        def _parse_end_exec_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                end_exec_time_type_0 = datetime.datetime.fromisoformat(data)

                return end_exec_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        end_exec_time = _parse_end_exec_time(d.pop("EndExecTime", UNSET))

        def _parse_heart_beat_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                heart_beat_time_type_0 = datetime.datetime.fromisoformat(data)

                return heart_beat_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        heart_beat_time = _parse_heart_beat_time(d.pop("HeartBeatTime", UNSET))

        def _parse_last_update_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_update_time_type_0 = datetime.datetime.fromisoformat(data)

                return last_update_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        last_update_time = _parse_last_update_time(d.pop("LastUpdateTime", UNSET))

        def _parse_minor_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        minor_status = _parse_minor_status(d.pop("MinorStatus", UNSET))

        def _parse_start_exec_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                start_exec_time_type_0 = datetime.datetime.fromisoformat(data)

                return start_exec_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        start_exec_time = _parse_start_exec_time(d.pop("StartExecTime", UNSET))

        def _parse_status(data: object) -> JobStatus | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_job_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobStatus | None | Unset, data)

        status = _parse_status(d.pop("Status", UNSET))

        set_job_status_return_success = cls(
            application_status=application_status,
            end_exec_time=end_exec_time,
            heart_beat_time=heart_beat_time,
            last_update_time=last_update_time,
            minor_status=minor_status,
            start_exec_time=start_exec_time,
            status=status,
        )

        set_job_status_return_success.additional_properties = d
        return set_job_status_return_success

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

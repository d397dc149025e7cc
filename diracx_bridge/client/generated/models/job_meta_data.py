from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="JobMetaData")


@_attrs_define
class JobMetaData:
    """Job attributes and job parameters in one body; unknown names are job parameters.

    Attributes:
        accounted_flag (bool | None | str | Unset):
        application_status (None | str | Unset):
        batch_system (None | str | Unset):
        ce_queue (None | str | Unset):
        cpu_normalization_factor (int | None | Unset):
        end_exec_time (datetime.datetime | None | Unset):
        grid_ce (None | str | Unset):
        heart_beat_time (datetime.datetime | None | Unset):
        host_name (None | str | Unset):
        job_group (None | str | Unset):
        job_name (None | str | Unset):
        job_type (None | str | Unset):
        last_update_time (datetime.datetime | None | Unset):
        local_account (None | str | Unset):
        memory_mb (int | None | Unset):
        minor_status (None | str | Unset):
        model_name (None | str | Unset):
        norm_cpu_times (int | None | Unset):
        owner (None | str | Unset):
        owner_group (None | str | Unset):
        payload_pid (int | None | Unset):
        pilot_agent (None | str | Unset):
        pilot_reference (None | str | Unset):
        reschedule_counter (int | None | Unset):
        reschedule_time (datetime.datetime | None | Unset):
        site (None | str | Unset):
        start_exec_time (datetime.datetime | None | Unset):
        status (None | str | Unset):
        submission_time (datetime.datetime | None | Unset):
        total_cpu_times (int | None | Unset):
        user_priority (int | None | Unset):
        vo (None | str | Unset):
        verified_flag (bool | None | Unset):
        timestamp (datetime.datetime | None | Unset):
    """

    accounted_flag: bool | None | str | Unset = UNSET
    application_status: None | str | Unset = UNSET
    batch_system: None | str | Unset = UNSET
    ce_queue: None | str | Unset = UNSET
    cpu_normalization_factor: int | None | Unset = UNSET
    end_exec_time: datetime.datetime | None | Unset = UNSET
    grid_ce: None | str | Unset = UNSET
    heart_beat_time: datetime.datetime | None | Unset = UNSET
    host_name: None | str | Unset = UNSET
    job_group: None | str | Unset = UNSET
    job_name: None | str | Unset = UNSET
    job_type: None | str | Unset = UNSET
    last_update_time: datetime.datetime | None | Unset = UNSET
    local_account: None | str | Unset = UNSET
    memory_mb: int | None | Unset = UNSET
    minor_status: None | str | Unset = UNSET
    model_name: None | str | Unset = UNSET
    norm_cpu_times: int | None | Unset = UNSET
    owner: None | str | Unset = UNSET
    owner_group: None | str | Unset = UNSET
    payload_pid: int | None | Unset = UNSET
    pilot_agent: None | str | Unset = UNSET
    pilot_reference: None | str | Unset = UNSET
    reschedule_counter: int | None | Unset = UNSET
    reschedule_time: datetime.datetime | None | Unset = UNSET
    site: None | str | Unset = UNSET
    start_exec_time: datetime.datetime | None | Unset = UNSET
    status: None | str | Unset = UNSET
    submission_time: datetime.datetime | None | Unset = UNSET
    total_cpu_times: int | None | Unset = UNSET
    user_priority: int | None | Unset = UNSET
    vo: None | str | Unset = UNSET
    verified_flag: bool | None | Unset = UNSET
    timestamp: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        accounted_flag: bool | None | str | Unset
        if isinstance(self.accounted_flag, Unset):
            accounted_flag = UNSET
        else:
            accounted_flag = self.accounted_flag

        application_status: None | str | Unset
        if isinstance(self.application_status, Unset):
            application_status = UNSET
        else:
            application_status = self.application_status

        batch_system: None | str | Unset
        if isinstance(self.batch_system, Unset):
            batch_system = UNSET
        else:
            batch_system = self.batch_system

        ce_queue: None | str | Unset
        if isinstance(self.ce_queue, Unset):
            ce_queue = UNSET
        else:
            ce_queue = self.ce_queue

        cpu_normalization_factor: int | None | Unset
        if isinstance(self.cpu_normalization_factor, Unset):
            cpu_normalization_factor = UNSET
        else:
            cpu_normalization_factor = self.cpu_normalization_factor

        end_exec_time: None | str | Unset
        if isinstance(self.end_exec_time, Unset):
            end_exec_time = UNSET
        elif isinstance(self.end_exec_time, datetime.datetime):
            end_exec_time = self.end_exec_time.isoformat()
        else:
            end_exec_time = self.end_exec_time

        grid_ce: None | str | Unset
        if isinstance(self.grid_ce, Unset):
            grid_ce = UNSET
        else:
            grid_ce = self.grid_ce

        heart_beat_time: None | str | Unset
        if isinstance(self.heart_beat_time, Unset):
            heart_beat_time = UNSET
        elif isinstance(self.heart_beat_time, datetime.datetime):
            heart_beat_time = self.heart_beat_time.isoformat()
        else:
            heart_beat_time = self.heart_beat_time

        host_name: None | str | Unset
        if isinstance(self.host_name, Unset):
            host_name = UNSET
        else:
            host_name = self.host_name

        job_group: None | str | Unset
        if isinstance(self.job_group, Unset):
            job_group = UNSET
        else:
            job_group = self.job_group

        job_name: None | str | Unset
        if isinstance(self.job_name, Unset):
            job_name = UNSET
        else:
            job_name = self.job_name

        job_type: None | str | Unset
        if isinstance(self.job_type, Unset):
            job_type = UNSET
        else:
            job_type = self.job_type

        last_update_time: None | str | Unset
        if isinstance(self.last_update_time, Unset):
            last_update_time = UNSET
        elif isinstance(self.last_update_time, datetime.datetime):
            last_update_time = self.last_update_time.isoformat()
        else:
            last_update_time = self.last_update_time

        local_account: None | str | Unset
        if isinstance(self.local_account, Unset):
            local_account = UNSET
        else:
            local_account = self.local_account

        memory_mb: int | None | Unset
        if isinstance(self.memory_mb, Unset):
            memory_mb = UNSET
        else:
            memory_mb = self.memory_mb

        minor_status: None | str | Unset
        if isinstance(self.minor_status, Unset):
            minor_status = UNSET
        else:
            minor_status = self.minor_status

        model_name: None | str | Unset
        if isinstance(self.model_name, Unset):
            model_name = UNSET
        else:
            model_name = self.model_name

        norm_cpu_times: int | None | Unset
        if isinstance(self.norm_cpu_times, Unset):
            norm_cpu_times = UNSET
        else:
            norm_cpu_times = self.norm_cpu_times

        owner: None | str | Unset
        if isinstance(self.owner, Unset):
            owner = UNSET
        else:
            owner = self.owner

        owner_group: None | str | Unset
        if isinstance(self.owner_group, Unset):
            owner_group = UNSET
        else:
            owner_group = self.owner_group

        payload_pid: int | None | Unset
        if isinstance(self.payload_pid, Unset):
            payload_pid = UNSET
        else:
            payload_pid = self.payload_pid

        pilot_agent: None | str | Unset
        if isinstance(self.pilot_agent, Unset):
            pilot_agent = UNSET
        else:
            pilot_agent = self.pilot_agent

        pilot_reference: None | str | Unset
        if isinstance(self.pilot_reference, Unset):
            pilot_reference = UNSET
        else:
            pilot_reference = self.pilot_reference

        reschedule_counter: int | None | Unset
        if isinstance(self.reschedule_counter, Unset):
            reschedule_counter = UNSET
        else:
            reschedule_counter = self.reschedule_counter

        reschedule_time: None | str | Unset
        if isinstance(self.reschedule_time, Unset):
            reschedule_time = UNSET
        elif isinstance(self.reschedule_time, datetime.datetime):
            reschedule_time = self.reschedule_time.isoformat()
        else:
            reschedule_time = self.reschedule_time

        site: None | str | Unset
        if isinstance(self.site, Unset):
            site = UNSET
        else:
            site = self.site

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
        else:
            status = self.status

        submission_time: None | str | Unset
        if isinstance(self.submission_time, Unset):
            submission_time = UNSET
        elif isinstance(self.submission_time, datetime.datetime):
            submission_time = self.submission_time.isoformat()
        else:
            submission_time = self.submission_time

        total_cpu_times: int | None | Unset
        if isinstance(self.total_cpu_times, Unset):
            total_cpu_times = UNSET
        else:
            total_cpu_times = self.total_cpu_times

        user_priority: int | None | Unset
        if isinstance(self.user_priority, Unset):
            user_priority = UNSET
        else:
            user_priority = self.user_priority

        vo: None | str | Unset
        if isinstance(self.vo, Unset):
            vo = UNSET
        else:
            vo = self.vo

        verified_flag: bool | None | Unset
        if isinstance(self.verified_flag, Unset):
            verified_flag = UNSET
        else:
            verified_flag = self.verified_flag

        timestamp: None | str | Unset
        if isinstance(self.timestamp, Unset):
            timestamp = UNSET
        elif isinstance(self.timestamp, datetime.datetime):
            timestamp = self.timestamp.isoformat()
        else:
            timestamp = self.timestamp

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if accounted_flag is not UNSET:
            field_dict["AccountedFlag"] = accounted_flag
        if application_status is not UNSET:
            field_dict["ApplicationStatus"] = application_status
        if batch_system is not UNSET:
            field_dict["BatchSystem"] = batch_system
        if ce_queue is not UNSET:
            field_dict["CEQueue"] = ce_queue
        if cpu_normalization_factor is not UNSET:
            field_dict["CPUNormalizationFactor"] = cpu_normalization_factor
        if end_exec_time is not UNSET:
            field_dict["EndExecTime"] = end_exec_time
        if grid_ce is not UNSET:
            field_dict["GridCE"] = grid_ce
        if heart_beat_time is not UNSET:
            field_dict["HeartBeatTime"] = heart_beat_time
        if host_name is not UNSET:
            field_dict["HostName"] = host_name
        if job_group is not UNSET:
            field_dict["JobGroup"] = job_group
        if job_name is not UNSET:
            field_dict["JobName"] = job_name
        if job_type is not UNSET:
            field_dict["JobType"] = job_type
        if last_update_time is not UNSET:
            field_dict["LastUpdateTime"] = last_update_time
        if local_account is not UNSET:
            field_dict["LocalAccount"] = local_account
        if memory_mb is not UNSET:
            field_dict["Memory(MB)"] = memory_mb
        if minor_status is not UNSET:
            field_dict["MinorStatus"] = minor_status
        if model_name is not UNSET:
            field_dict["ModelName"] = model_name
        if norm_cpu_times is not UNSET:
            field_dict["NormCPUTime(s)"] = norm_cpu_times
        if owner is not UNSET:
            field_dict["Owner"] = owner
        if owner_group is not UNSET:
            field_dict["OwnerGroup"] = owner_group
        if payload_pid is not UNSET:
            field_dict["PayloadPID"] = payload_pid
        if pilot_agent is not UNSET:
            field_dict["PilotAgent"] = pilot_agent
        if pilot_reference is not UNSET:
            field_dict["Pilot_Reference"] = pilot_reference
        if reschedule_counter is not UNSET:
            field_dict["RescheduleCounter"] = reschedule_counter
        if reschedule_time is not UNSET:
            field_dict["RescheduleTime"] = reschedule_time
        if site is not UNSET:
            field_dict["Site"] = site
        if start_exec_time is not UNSET:
            field_dict["StartExecTime"] = start_exec_time
        if status is not UNSET:
            field_dict["Status"] = status
        if submission_time is not UNSET:
            field_dict["SubmissionTime"] = submission_time
        if total_cpu_times is not UNSET:
            field_dict["TotalCPUTime(s)"] = total_cpu_times
        if user_priority is not UNSET:
            field_dict["UserPriority"] = user_priority
        if vo is not UNSET:
            field_dict["VO"] = vo
        if verified_flag is not UNSET:
            field_dict["VerifiedFlag"] = verified_flag
        if timestamp is not UNSET:
            field_dict["timestamp"] = timestamp

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_accounted_flag(data: object) -> bool | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | str | Unset, data)

        accounted_flag = _parse_accounted_flag(d.pop("AccountedFlag", UNSET))

        def _parse_application_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        application_status = _parse_application_status(d.pop("ApplicationStatus", UNSET))

        def _parse_batch_system(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        batch_system = _parse_batch_system(d.pop("BatchSystem", UNSET))

        def _parse_ce_queue(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ce_queue = _parse_ce_queue(d.pop("CEQueue", UNSET))

        def _parse_cpu_normalization_factor(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        cpu_normalization_factor = _parse_cpu_normalization_factor(d.pop("CPUNormalizationFactor", UNSET))

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

        def _parse_grid_ce(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        grid_ce = _parse_grid_ce(d.pop("GridCE", UNSET))

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

        def _parse_host_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        host_name = _parse_host_name(d.pop("HostName", UNSET))

        def _parse_job_group(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        job_group = _parse_job_group(d.pop("JobGroup", UNSET))

        def _parse_job_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        job_name = _parse_job_name(d.pop("JobName", UNSET))

        def _parse_job_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        job_type = _parse_job_type(d.pop("JobType", UNSET))

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

        def _parse_local_account(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        local_account = _parse_local_account(d.pop("LocalAccount", UNSET))

        def _parse_memory_mb(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        memory_mb = _parse_memory_mb(d.pop("Memory(MB)", UNSET))

        def _parse_minor_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        minor_status = _parse_minor_status(d.pop("MinorStatus", UNSET))

        def _parse_model_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model_name = _parse_model_name(d.pop("ModelName", UNSET))

        def _parse_norm_cpu_times(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        norm_cpu_times = _parse_norm_cpu_times(d.pop("NormCPUTime(s)", UNSET))

        def _parse_owner(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        owner = _parse_owner(d.pop("Owner", UNSET))

        def _parse_owner_group(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        owner_group = _parse_owner_group(d.pop("OwnerGroup", UNSET))

        def _parse_payload_pid(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        payload_pid = _parse_payload_pid(d.pop("PayloadPID", UNSET))

        def _parse_pilot_agent(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        pilot_agent = _parse_pilot_agent(d.pop("PilotAgent", UNSET))

        def _parse_pilot_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        pilot_reference = _parse_pilot_reference(d.pop("Pilot_Reference", UNSET))

        def _parse_reschedule_counter(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        reschedule_counter = _parse_reschedule_counter(d.pop("RescheduleCounter", UNSET))

        def _parse_reschedule_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reschedule_time_type_0 = datetime.datetime.fromisoformat(data)

                return reschedule_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        reschedule_time = _parse_reschedule_time(d.pop("RescheduleTime", UNSET))

        def _parse_site(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        site = _parse_site(d.pop("Site", UNSET))

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

        def _parse_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        status = _parse_status(d.pop("Status", UNSET))

        def _parse_submission_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                submission_time_type_0 = datetime.datetime.fromisoformat(data)

                return submission_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        submission_time = _parse_submission_time(d.pop("SubmissionTime", UNSET))

        def _parse_total_cpu_times(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_cpu_times = _parse_total_cpu_times(d.pop("TotalCPUTime(s)", UNSET))

        def _parse_user_priority(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        user_priority = _parse_user_priority(d.pop("UserPriority", UNSET))

        def _parse_vo(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        vo = _parse_vo(d.pop("VO", UNSET))

        def _parse_verified_flag(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        verified_flag = _parse_verified_flag(d.pop("VerifiedFlag", UNSET))

        def _parse_timestamp(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                timestamp_type_0 = datetime.datetime.fromisoformat(data)

                return timestamp_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        timestamp = _parse_timestamp(d.pop("timestamp", UNSET))

        job_meta_data = cls(
            accounted_flag=accounted_flag,
            application_status=application_status,
            batch_system=batch_system,
            ce_queue=ce_queue,
            cpu_normalization_factor=cpu_normalization_factor,
            end_exec_time=end_exec_time,
            grid_ce=grid_ce,
            heart_beat_time=heart_beat_time,
            host_name=host_name,
            job_group=job_group,
            job_name=job_name,
            job_type=job_type,
            last_update_time=last_update_time,
            local_account=local_account,
            memory_mb=memory_mb,
            minor_status=minor_status,
            model_name=model_name,
            norm_cpu_times=norm_cpu_times,
            owner=owner,
            owner_group=owner_group,
            payload_pid=payload_pid,
            pilot_agent=pilot_agent,
            pilot_reference=pilot_reference,
            reschedule_counter=reschedule_counter,
            reschedule_time=reschedule_time,
            site=site,
            start_exec_time=start_exec_time,
            status=status,
            submission_time=submission_time,
            total_cpu_times=total_cpu_times,
            user_priority=user_priority,
            vo=vo,
            verified_flag=verified_flag,
            timestamp=timestamp,
        )

        job_meta_data.additional_properties = d
        return job_meta_data

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

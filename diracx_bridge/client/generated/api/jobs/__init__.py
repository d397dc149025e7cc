"""The operation group ``jobs``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.body_jobs_confirm_jobs import BodyJobsConfirmJobs
    from ...models.body_jobs_delete_jobs import BodyJobsDeleteJobs
    from ...models.body_jobs_get_job_attributes import BodyJobsGetJobAttributes
    from ...models.body_jobs_get_job_logs import BodyJobsGetJobLogs
    from ...models.body_jobs_get_jobs_input_data import BodyJobsGetJobsInputData
    from ...models.body_jobs_get_jobs_parameters import BodyJobsGetJobsParameters
    from ...models.body_jobs_kill_jobs import BodyJobsKillJobs
    from ...models.body_jobs_remove_jobs import BodyJobsRemoveJobs
    from ...models.body_jobs_reschedule_jobs import BodyJobsRescheduleJobs
    from ...models.body_jobs_unassign_bulk_jobs_sandboxes import BodyJobsUnassignBulkJobsSandboxes
    from ...models.inserted_job import InsertedJob
    from ...models.job_command import JobCommand
    from ...models.job_description import JobDescription
    from ...models.job_heartbeat import JobHeartbeat
    from ...models.job_log_record import JobLogRecord
    from ...models.job_outcomes import JobOutcomes
    from ...models.jobs_add_heartbeat_data import JobsAddHeartbeatData
    from ...models.jobs_get_job_attributes_response_jobs_get_job_attributes import (
        JobsGetJobAttributesResponseJobsGetJobAttributes,
    )
    from ...models.jobs_get_job_logs_response_jobs_get_job_logs import JobsGetJobLogsResponseJobsGetJobLogs
    from ...models.jobs_get_job_sandbox_sandbox_type import (
        JobsGetJobSandboxSandboxType,
        check_jobs_get_job_sandbox_sandbox_type,
    )
    from ...models.jobs_get_job_sandboxes_response_jobs_get_job_sandboxes import (
        JobsGetJobSandboxesResponseJobsGetJobSandboxes,
    )
    from ...models.jobs_get_jobs_input_data_response_jobs_get_jobs_input_data import (
        JobsGetJobsInputDataResponseJobsGetJobsInputData,
    )
    from ...models.jobs_get_jobs_parameters_response_jobs_get_jobs_parameters import (
        JobsGetJobsParametersResponseJobsGetJobsParameters,
    )
    from ...models.jobs_patch_metadata_updates import JobsPatchMetadataUpdates
    from ...models.jobs_set_job_statuses_job_update import JobsSetJobStatusesJobUpdate
    from ...models.sandbox_download_response import SandboxDownloadResponse
    from ...models.sandbox_info import SandboxInfo
    from ...models.sandbox_upload_response import SandboxUploadResponse
    from ...models.search_params import SearchParams
    from ...models.set_job_status_return import SetJobStatusReturn
    from ...models.summary_params import SummaryParams
    from ...types import UNSET, Unset

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncJobs:
    """The operations of the group ``jobs``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def get_job_attributes(
        self,
        body: BodyJobsGetJobAttributes | Mapping[Any, Any],
    ) -> JobsGetJobAttributesResponseJobsGetJobAttributes:
        """POST /api/jobs/attributes

        Attributes (columns) of jobs by id. Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_job_attributes as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def confirm_jobs(
        self,
        body: BodyJobsConfirmJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/confirm

        Let jobs of a parametric submission go on, from Submitting to Received; those that did so before are fine.
        """
        from . import jobs_confirm_jobs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def delete_jobs(
        self,
        body: BodyJobsDeleteJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/delete

        Kill jobs as far as they can be killed, and set those to Deleted that can be deleted; DIRAC removes them later.

        A running job is killed only: it is listed under `failed` as not deleted, and under `success` as Killed.
        """
        from . import jobs_delete_jobs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def add_heartbeat(
        self,
        body: JobsAddHeartbeatData | Mapping[Any, Any],
    ) -> list[JobCommand]:
        """PATCH /api/jobs/heartbeat

        Record what running jobs say of themselves; the answer is the commands that wait for them.
        """
        from . import jobs_add_heartbeat as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_jobs_input_data(
        self,
        body: BodyJobsGetJobsInputData | Mapping[Any, Any],
    ) -> JobsGetJobsInputDataResponseJobsGetJobsInputData:
        """POST /api/jobs/input-data

        The input files of jobs by id. Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_jobs_input_data as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def submit_jdl_jobs(
        self,
        body: list[str] | Mapping[Any, Any],
    ) -> list[InsertedJob]:
        """POST /api/jobs/jdl

        Submit jobs that are described in JDL: several, or one parametric description that stands for many.

        All of them are submitted, or none. Jobs of a parametric description stay in `Submitting` until they are confirmed.
        A request that is repeated with its `x-ms-client-request-id` is answered as the first time and submits nothing.
        """
        from . import jobs_submit_jdl_jobs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def kill_jobs(
        self,
        body: BodyJobsKillJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/kill

        Tell jobs to stop, and set them to Killed.

        Jobs that may not become Killed are listed under `failed`; the others go on. A request that is repeated with its
        `x-ms-client-request-id` is answered as the first time and does nothing.
        """
        from . import jobs_kill_jobs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_job_logs(
        self,
        body: BodyJobsGetJobLogs | Mapping[Any, Any],
    ) -> JobsGetJobLogsResponseJobsGetJobLogs:
        """POST /api/jobs/log

        The histories of jobs by id. Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_job_logs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def patch_metadata(
        self,
        body: JobsPatchMetadataUpdates | Mapping[Any, Any],
    ) -> Any:
        """PATCH /api/jobs/metadata

        Set the attribute `Site` and any job parameters; other job attributes are refused and nothing is written.
        """
        from . import jobs_patch_metadata as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_jobs_parameters(
        self,
        body: BodyJobsGetJobsParameters | Mapping[Any, Any],
    ) -> JobsGetJobsParametersResponseJobsGetJobsParameters:
        """POST /api/jobs/parameters

        The parameters of jobs by id and name, with `JobID` and `timestamp` as in `/api/jobs/{job_id}/parameters`.

        Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_jobs_parameters as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def search_job_parameters(
        self,
        body: None | SearchParams | Mapping[Any, Any] | Unset = UNSET,
        *,
        page: int | Unset = 1,
        per_page: int | Unset = 100,
    ) -> list[Any]:
        """POST /api/jobs/parameters/search

        Find jobs by their parameters; each row has `JobID`, `timestamp` (ms since 1970) and the parameters.

        Parameters of DIRAC's mapping can be searched and sorted by, `HostName` excepted; text compares with regard to
        case. Pages are told by `Content-Range` as in `/api/jobs/search`. With OpenSearch, parameters that were written
        within the last second may not be found yet.
        """
        from . import jobs_search_job_parameters as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                    page=page,
                    per_page=per_page,
                )
            )
        )

    def remove_jobs(
        self,
        body: BodyJobsRemoveJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/remove

        Remove jobs for good, whatever their state: from the databases of jobs, their logs and the task queues.

        Their job parameters stay, as with DIRAC's `removeJob`; sandboxes that no other job uses are free to be cleaned.
        """
        from . import jobs_remove_jobs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def reschedule_jobs(
        self,
        body: BodyJobsRescheduleJobs | Mapping[Any, Any],
        *,
        reset_jobs: bool | Unset = False,
    ) -> Any:
        """POST /api/jobs/reschedule

        Run jobs again from the start, whatever their state; `reset_jobs` lets their counters begin at 0 again.

        `success` has, for each job, the columns that were set, and its new description under `InputData`. A job that was
        rescheduled too often is set to Failed and listed under `failed`, like jobs that do not exist. 400 with the same
        content under `detail` if none could be rescheduled.
        """
        from . import jobs_reschedule_jobs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                    reset_jobs=reset_jobs,
                )
            )
        )

    def get_sandbox_file(
        self,
        *,
        pfn: str,
    ) -> SandboxDownloadResponse:
        """GET /api/jobs/sandbox

        A URL from which the archive can be fetched. It needs no token: send it none.
        """
        from . import jobs_get_sandbox_file as operation

        return operation.parse(
            self._send(
                operation.request(
                    pfn=pfn,
                )
            )
        )

    def initiate_sandbox_upload(
        self,
        body: SandboxInfo | Mapping[Any, Any],
    ) -> SandboxUploadResponse:
        """POST /api/jobs/sandbox

        Announce an archive: the answer is its name, and where and with which form fields to upload it.

        No `url`: the archive is there already. The upload is refused unless size and checksum are what was announced.
        """
        from . import jobs_initiate_sandbox_upload as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def unassign_bulk_jobs_sandboxes(
        self,
        body: BodyJobsUnassignBulkJobsSandboxes | Mapping[Any, Any],
    ) -> Any:
        """POST /api/jobs/sandbox/unassign

        Let jobs use no sandboxes any more; those that nobody uses are deleted some days later.
        """
        from . import jobs_unassign_bulk_jobs_sandboxes as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def search(
        self,
        body: None | SearchParams | Mapping[Any, Any] | Unset = UNSET,
        *,
        page: int | Unset = 1,
        per_page: int | Unset = 100,
    ) -> list[Any]:
        """POST /api/jobs/search

        Find jobs. Pages are told by `Content-Range`: 206 for one page of several, 200 for everything.

        A page beyond the end is empty, with `Content-Range: jobs */<total>`.
        """
        from . import jobs_search as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                    page=page,
                    per_page=per_page,
                )
            )
        )

    def set_job_statuses(
        self,
        body: JobsSetJobStatusesJobUpdate | Mapping[Any, Any],
        *,
        force: bool | Unset = False,
    ) -> SetJobStatusReturn:
        """PATCH /api/jobs/status

        Change the status of jobs; each job has updates by time (UTC).

        Jobs that could not be updated, and transitions that the state machine refused, are listed under `failed`. 404 if
        none of the jobs exists. Only job administrators may `force` a transition. A request with `Killed` or `Deleted` that
        is repeated with its `x-ms-client-request-id` is answered as the first time and does nothing.
        """
        from . import jobs_set_job_statuses as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                    force=force,
                )
            )
        )

    def summary(
        self,
        body: SummaryParams | Mapping[Any, Any],
    ) -> Any:
        """POST /api/jobs/summary

        Count jobs by the values of some columns.
        """
        from . import jobs_summary as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_job_heartbeats(
        self,
        job_id: int,
    ) -> list[JobHeartbeat]:
        """GET /api/jobs/{job_id}/heartbeats

        What a job told of itself while it ran, in the order of time.
        """
        from . import jobs_get_job_heartbeats as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                )
            )
        )

    def get_job_input_data(
        self,
        job_id: int,
    ) -> list[str]:
        """GET /api/jobs/{job_id}/input-data

        The logical names of the input files of a job, without `LFN:`.
        """
        from . import jobs_get_job_input_data as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                )
            )
        )

    def get_job_jdl(
        self,
        job_id: int,
        *,
        original: bool | Unset = False,
    ) -> JobDescription:
        """GET /api/jobs/{job_id}/jdl

        The description of a job: what is executed, or the `original` that was submitted.
        """
        from . import jobs_get_job_jdl as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                    original=original,
                )
            )
        )

    def get_job_log(
        self,
        job_id: int,
    ) -> list[JobLogRecord]:
        """GET /api/jobs/{job_id}/log

        The history of a job, oldest change first; members that did not change are repeated.
        """
        from . import jobs_get_job_log as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                )
            )
        )

    def get_job_parameters(
        self,
        job_id: int,
    ) -> Any:
        """GET /api/jobs/{job_id}/parameters

        The parameters of a job by name, with `JobID` and `timestamp` (of the last change, ms since 1970).
        """
        from . import jobs_get_job_parameters as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                )
            )
        )

    def get_job_sandboxes(
        self,
        job_id: int,
    ) -> JobsGetJobSandboxesResponseJobsGetJobSandboxes:
        """GET /api/jobs/{job_id}/sandbox

        The names of the input and output sandboxes of a job.
        """
        from . import jobs_get_job_sandboxes as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                )
            )
        )

    def unassign_job_sandboxes(
        self,
        job_id: int,
    ) -> Any:
        """DELETE /api/jobs/{job_id}/sandbox

        Let a job use no sandboxes any more.
        """
        from . import jobs_unassign_job_sandboxes as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                )
            )
        )

    def assign_sandbox_to_job(
        self,
        job_id: int,
        body: str | Mapping[Any, Any],
    ) -> Any:
        """PATCH /api/jobs/{job_id}/sandbox/output

        Make a sandbox an output sandbox of a job; doing it again changes nothing.
        """
        from . import jobs_assign_sandbox_to_job as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                    body,
                )
            )
        )

    def get_job_sandbox(
        self,
        job_id: int,
        sandbox_type: JobsGetJobSandboxSandboxType,
    ) -> list[Any]:
        """GET /api/jobs/{job_id}/sandbox/{sandbox_type}

        The names of the input, or of the output sandboxes of a job.
        """
        from . import jobs_get_job_sandbox as operation

        return operation.parse(
            self._send(
                operation.request(
                    job_id,
                    sandbox_type,
                )
            )
        )


class AsyncJobs:
    """The operations of the group ``jobs``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

    async def get_job_attributes(
        self,
        body: BodyJobsGetJobAttributes | Mapping[Any, Any],
    ) -> JobsGetJobAttributesResponseJobsGetJobAttributes:
        """POST /api/jobs/attributes

        Attributes (columns) of jobs by id. Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_job_attributes as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def confirm_jobs(
        self,
        body: BodyJobsConfirmJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/confirm

        Let jobs of a parametric submission go on, from Submitting to Received; those that did so before are fine.
        """
        from . import jobs_confirm_jobs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def delete_jobs(
        self,
        body: BodyJobsDeleteJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/delete

        Kill jobs as far as they can be killed, and set those to Deleted that can be deleted; DIRAC removes them later.

        A running job is killed only: it is listed under `failed` as not deleted, and under `success` as Killed.
        """
        from . import jobs_delete_jobs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def add_heartbeat(
        self,
        body: JobsAddHeartbeatData | Mapping[Any, Any],
    ) -> list[JobCommand]:
        """PATCH /api/jobs/heartbeat

        Record what running jobs say of themselves; the answer is the commands that wait for them.
        """
        from . import jobs_add_heartbeat as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_jobs_input_data(
        self,
        body: BodyJobsGetJobsInputData | Mapping[Any, Any],
    ) -> JobsGetJobsInputDataResponseJobsGetJobsInputData:
        """POST /api/jobs/input-data

        The input files of jobs by id. Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_jobs_input_data as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def submit_jdl_jobs(
        self,
        body: list[str] | Mapping[Any, Any],
    ) -> list[InsertedJob]:
        """POST /api/jobs/jdl

        Submit jobs that are described in JDL: several, or one parametric description that stands for many.

        All of them are submitted, or none. Jobs of a parametric description stay in `Submitting` until they are confirmed.
        A request that is repeated with its `x-ms-client-request-id` is answered as the first time and submits nothing.
        """
        from . import jobs_submit_jdl_jobs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def kill_jobs(
        self,
        body: BodyJobsKillJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/kill

        Tell jobs to stop, and set them to Killed.

        Jobs that may not become Killed are listed under `failed`; the others go on. A request that is repeated with its
        `x-ms-client-request-id` is answered as the first time and does nothing.
        """
        from . import jobs_kill_jobs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_job_logs(
        self,
        body: BodyJobsGetJobLogs | Mapping[Any, Any],
    ) -> JobsGetJobLogsResponseJobsGetJobLogs:
        """POST /api/jobs/log

        The histories of jobs by id. Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_job_logs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def patch_metadata(
        self,
        body: JobsPatchMetadataUpdates | Mapping[Any, Any],
    ) -> Any:
        """PATCH /api/jobs/metadata

        Set the attribute `Site` and any job parameters; other job attributes are refused and nothing is written.
        """
        from . import jobs_patch_metadata as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_jobs_parameters(
        self,
        body: BodyJobsGetJobsParameters | Mapping[Any, Any],
    ) -> JobsGetJobsParametersResponseJobsGetJobsParameters:
        """POST /api/jobs/parameters

        The parameters of jobs by id and name, with `JobID` and `timestamp` as in `/api/jobs/{job_id}/parameters`.

        Jobs that do not exist, or that the caller may not see, are absent.
        """
        from . import jobs_get_jobs_parameters as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def search_job_parameters(
        self,
        body: None | SearchParams | Mapping[Any, Any] | Unset = UNSET,
        *,
        page: int | Unset = 1,
        per_page: int | Unset = 100,
    ) -> list[Any]:
        """POST /api/jobs/parameters/search

        Find jobs by their parameters; each row has `JobID`, `timestamp` (ms since 1970) and the parameters.

        Parameters of DIRAC's mapping can be searched and sorted by, `HostName` excepted; text compares with regard to
        case. Pages are told by `Content-Range` as in `/api/jobs/search`. With OpenSearch, parameters that were written
        within the last second may not be found yet.
        """
        from . import jobs_search_job_parameters as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                    page=page,
                    per_page=per_page,
                )
            )
        )

    async def remove_jobs(
        self,
        body: BodyJobsRemoveJobs | Mapping[Any, Any],
    ) -> JobOutcomes:
        """POST /api/jobs/remove

        Remove jobs for good, whatever their state: from the databases of jobs, their logs and the task queues.

        Their job parameters stay, as with DIRAC's `removeJob`; sandboxes that no other job uses are free to be cleaned.
        """
        from . import jobs_remove_jobs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def reschedule_jobs(
        self,
        body: BodyJobsRescheduleJobs | Mapping[Any, Any],
        *,
        reset_jobs: bool | Unset = False,
    ) -> Any:
        """POST /api/jobs/reschedule

        Run jobs again from the start, whatever their state; `reset_jobs` lets their counters begin at 0 again.

        `success` has, for each job, the columns that were set, and its new description under `InputData`. A job that was
        rescheduled too often is set to Failed and listed under `failed`, like jobs that do not exist. 400 with the same
        content under `detail` if none could be rescheduled.
        """
        from . import jobs_reschedule_jobs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                    reset_jobs=reset_jobs,
                )
            )
        )

    async def get_sandbox_file(
        self,
        *,
        pfn: str,
    ) -> SandboxDownloadResponse:
        """GET /api/jobs/sandbox

        A URL from which the archive can be fetched. It needs no token: send it none.
        """
        from . import jobs_get_sandbox_file as operation

        return operation.parse(
            await self._send(
                operation.request(
                    pfn=pfn,
                )
            )
        )

    async def initiate_sandbox_upload(
        self,
        body: SandboxInfo | Mapping[Any, Any],
    ) -> SandboxUploadResponse:
        """POST /api/jobs/sandbox

        Announce an archive: the answer is its name, and where and with which form fields to upload it.

        No `url`: the archive is there already. The upload is refused unless size and checksum are what was announced.
        """
        from . import jobs_initiate_sandbox_upload as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def unassign_bulk_jobs_sandboxes(
        self,
        body: BodyJobsUnassignBulkJobsSandboxes | Mapping[Any, Any],
    ) -> Any:
        """POST /api/jobs/sandbox/unassign

        Let jobs use no sandboxes any more; those that nobody uses are deleted some days later.
        """
        from . import jobs_unassign_bulk_jobs_sandboxes as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def search(
        self,
        body: None | SearchParams | Mapping[Any, Any] | Unset = UNSET,
        *,
        page: int | Unset = 1,
        per_page: int | Unset = 100,
    ) -> list[Any]:
        """POST /api/jobs/search

        Find jobs. Pages are told by `Content-Range`: 206 for one page of several, 200 for everything.

        A page beyond the end is empty, with `Content-Range: jobs */<total>`.
        """
        from . import jobs_search as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                    page=page,
                    per_page=per_page,
                )
            )
        )

    async def set_job_statuses(
        self,
        body: JobsSetJobStatusesJobUpdate | Mapping[Any, Any],
        *,
        force: bool | Unset = False,
    ) -> SetJobStatusReturn:
        """PATCH /api/jobs/status

        Change the status of jobs; each job has updates by time (UTC).

        Jobs that could not be updated, and transitions that the state machine refused, are listed under `failed`. 404 if
        none of the jobs exists. Only job administrators may `force` a transition. A request with `Killed` or `Deleted` that
        is repeated with its `x-ms-client-request-id` is answered as the first time and does nothing.
        """
        from . import jobs_set_job_statuses as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                    force=force,
                )
            )
        )

    async def summary(
        self,
        body: SummaryParams | Mapping[Any, Any],
    ) -> Any:
        """POST /api/jobs/summary

        Count jobs by the values of some columns.
        """
        from . import jobs_summary as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_job_heartbeats(
        self,
        job_id: int,
    ) -> list[JobHeartbeat]:
        """GET /api/jobs/{job_id}/heartbeats

        What a job told of itself while it ran, in the order of time.
        """
        from . import jobs_get_job_heartbeats as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                )
            )
        )

    async def get_job_input_data(
        self,
        job_id: int,
    ) -> list[str]:
        """GET /api/jobs/{job_id}/input-data

        The logical names of the input files of a job, without `LFN:`.
        """
        from . import jobs_get_job_input_data as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                )
            )
        )

    async def get_job_jdl(
        self,
        job_id: int,
        *,
        original: bool | Unset = False,
    ) -> JobDescription:
        """GET /api/jobs/{job_id}/jdl

        The description of a job: what is executed, or the `original` that was submitted.
        """
        from . import jobs_get_job_jdl as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                    original=original,
                )
            )
        )

    async def get_job_log(
        self,
        job_id: int,
    ) -> list[JobLogRecord]:
        """GET /api/jobs/{job_id}/log

        The history of a job, oldest change first; members that did not change are repeated.
        """
        from . import jobs_get_job_log as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                )
            )
        )

    async def get_job_parameters(
        self,
        job_id: int,
    ) -> Any:
        """GET /api/jobs/{job_id}/parameters

        The parameters of a job by name, with `JobID` and `timestamp` (of the last change, ms since 1970).
        """
        from . import jobs_get_job_parameters as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                )
            )
        )

    async def get_job_sandboxes(
        self,
        job_id: int,
    ) -> JobsGetJobSandboxesResponseJobsGetJobSandboxes:
        """GET /api/jobs/{job_id}/sandbox

        The names of the input and output sandboxes of a job.
        """
        from . import jobs_get_job_sandboxes as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                )
            )
        )

    async def unassign_job_sandboxes(
        self,
        job_id: int,
    ) -> Any:
        """DELETE /api/jobs/{job_id}/sandbox

        Let a job use no sandboxes any more.
        """
        from . import jobs_unassign_job_sandboxes as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                )
            )
        )

    async def assign_sandbox_to_job(
        self,
        job_id: int,
        body: str | Mapping[Any, Any],
    ) -> Any:
        """PATCH /api/jobs/{job_id}/sandbox/output

        Make a sandbox an output sandbox of a job; doing it again changes nothing.
        """
        from . import jobs_assign_sandbox_to_job as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                    body,
                )
            )
        )

    async def get_job_sandbox(
        self,
        job_id: int,
        sandbox_type: JobsGetJobSandboxSandboxType,
    ) -> list[Any]:
        """GET /api/jobs/{job_id}/sandbox/{sandbox_type}

        The names of the input, or of the output sandboxes of a job.
        """
        from . import jobs_get_job_sandbox as operation

        return operation.parse(
            await self._send(
                operation.request(
                    job_id,
                    sandbox_type,
                )
            )
        )

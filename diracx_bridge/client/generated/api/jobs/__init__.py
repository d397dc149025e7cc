"""The operation group ``jobs``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.inserted_job import InsertedJob
    from ...models.job_command import JobCommand
    from ...models.jobs_add_heartbeat_data import JobsAddHeartbeatData
    from ...models.jobs_patch_metadata_updates import JobsPatchMetadataUpdates
    from ...models.jobs_set_job_statuses_job_update import JobsSetJobStatusesJobUpdate
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


class AsyncJobs:
    """The operations of the group ``jobs``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

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

"""The operation group ``bridge``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.body_bridge_get_hidden_jobs import BodyBridgeGetHiddenJobs
    from ...models.body_bridge_get_jobs_state import BodyBridgeGetJobsState
    from ...models.bridge_set_job_attributes_response_bridge_set_job_attributes import (
        BridgeSetJobAttributesResponseBridgeSetJobAttributes,
    )
    from ...models.bridge_set_job_attributes_updates import BridgeSetJobAttributesUpdates
    from ...models.call_summary import CallSummary
    from ...models.jobs_state import JobsState
    from ...models.known_mismatch import KnownMismatch
    from ...models.ledger_batch import LedgerBatch
    from ...models.rehearsal_result import RehearsalResult
    from ...models.rehearsed_request import RehearsedRequest
    from ...types import UNSET, Unset

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncBridge:
    """The operations of the group ``bridge``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def set_job_attributes(
        self,
        body: BridgeSetJobAttributesUpdates | Mapping[Any, Any],
    ) -> BridgeSetJobAttributesResponseBridgeSetJobAttributes:
        """PATCH /api/bridge/jobs/attributes

        Set attributes of jobs as DIRAC's `setJobAttribute` does: no log record, the state machine holds for Status.

        The answer is, by job, the number of changed rows as DIRAC counts them: 2 for a changed Status, 1 for another
        changed attribute, 0 for a value that was there already or a refused transition.
        """
        from . import bridge_set_job_attributes as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def record_ledger(
        self,
        body: LedgerBatch | Mapping[Any, Any],
    ) -> Any:
        """POST /api/bridge/ledger

        Add what a door has counted to the ledger.

        With a user's token the lines are taken as his own calls; with the key of the legacy exchange, which DIRAC's
        services have, as those of the users that they name.
        """
        from . import bridge_record_ledger as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_ledger_calls(
        self,
        *,
        service: str | Unset = "",
        vo: str | Unset = "",
        hours: int | Unset = 24,
    ) -> list[CallSummary]:
        """GET /api/bridge/ledger/calls

        The calls that came through the doors, counted by method, VO, stage, side and outcome.
        """
        from . import bridge_get_ledger_calls as operation

        return operation.parse(
            self._send(
                operation.request(
                    service=service,
                    vo=vo,
                    hours=hours,
                )
            )
        )

    def get_ledger_mismatches(
        self,
        *,
        service: str | Unset = "",
        vo: str | Unset = "",
        hours: int | Unset = 168,
        fingerprint: str | Unset = "",
    ) -> list[KnownMismatch]:
        """GET /api/bridge/ledger/mismatches

        The kinds of mismatches that the stage `compare` has found, the most frequent first.
        """
        from . import bridge_get_ledger_mismatches as operation

        return operation.parse(
            self._send(
                operation.request(
                    service=service,
                    vo=vo,
                    hours=hours,
                    fingerprint=fingerprint,
                )
            )
        )

    def forget_ledger_mismatches(
        self,
        fingerprint: str,
        *,
        vo: str | Unset = "",
    ) -> Any:
        """DELETE /api/bridge/ledger/mismatches/{fingerprint}

        Forget a kind of mismatch that was dealt with; it is listed again when it is seen again.
        """
        from . import bridge_forget_ledger_mismatches as operation

        return operation.parse(
            self._send(
                operation.request(
                    fingerprint,
                    vo=vo,
                )
            )
        )

    def rehearse_request(
        self,
        body: RehearsedRequest | Mapping[Any, Any],
    ) -> RehearsalResult:
        """POST /api/bridge/rehearsals

        Do a request that changes jobs in a transaction that is rolled back: the answer, and rows before and after.
        """
        from . import bridge_rehearse_request as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_hidden_jobs(
        self,
        body: BodyBridgeGetHiddenJobs | Mapping[Any, Any],
    ) -> list[int]:
        """POST /api/bridge/rehearsals/hidden

        Those of the jobs that exist and that the caller may not see; neither their owners nor their VOs are told.
        """
        from . import bridge_get_hidden_jobs as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_jobs_state(
        self,
        body: BodyBridgeGetJobsState | Mapping[Any, Any],
    ) -> JobsState:
        """POST /api/bridge/rehearsals/state

        The rows that requests change, of jobs that the caller may change.
        """
        from . import bridge_get_jobs_state as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )


class AsyncBridge:
    """The operations of the group ``bridge``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

    async def set_job_attributes(
        self,
        body: BridgeSetJobAttributesUpdates | Mapping[Any, Any],
    ) -> BridgeSetJobAttributesResponseBridgeSetJobAttributes:
        """PATCH /api/bridge/jobs/attributes

        Set attributes of jobs as DIRAC's `setJobAttribute` does: no log record, the state machine holds for Status.

        The answer is, by job, the number of changed rows as DIRAC counts them: 2 for a changed Status, 1 for another
        changed attribute, 0 for a value that was there already or a refused transition.
        """
        from . import bridge_set_job_attributes as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def record_ledger(
        self,
        body: LedgerBatch | Mapping[Any, Any],
    ) -> Any:
        """POST /api/bridge/ledger

        Add what a door has counted to the ledger.

        With a user's token the lines are taken as his own calls; with the key of the legacy exchange, which DIRAC's
        services have, as those of the users that they name.
        """
        from . import bridge_record_ledger as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_ledger_calls(
        self,
        *,
        service: str | Unset = "",
        vo: str | Unset = "",
        hours: int | Unset = 24,
    ) -> list[CallSummary]:
        """GET /api/bridge/ledger/calls

        The calls that came through the doors, counted by method, VO, stage, side and outcome.
        """
        from . import bridge_get_ledger_calls as operation

        return operation.parse(
            await self._send(
                operation.request(
                    service=service,
                    vo=vo,
                    hours=hours,
                )
            )
        )

    async def get_ledger_mismatches(
        self,
        *,
        service: str | Unset = "",
        vo: str | Unset = "",
        hours: int | Unset = 168,
        fingerprint: str | Unset = "",
    ) -> list[KnownMismatch]:
        """GET /api/bridge/ledger/mismatches

        The kinds of mismatches that the stage `compare` has found, the most frequent first.
        """
        from . import bridge_get_ledger_mismatches as operation

        return operation.parse(
            await self._send(
                operation.request(
                    service=service,
                    vo=vo,
                    hours=hours,
                    fingerprint=fingerprint,
                )
            )
        )

    async def forget_ledger_mismatches(
        self,
        fingerprint: str,
        *,
        vo: str | Unset = "",
    ) -> Any:
        """DELETE /api/bridge/ledger/mismatches/{fingerprint}

        Forget a kind of mismatch that was dealt with; it is listed again when it is seen again.
        """
        from . import bridge_forget_ledger_mismatches as operation

        return operation.parse(
            await self._send(
                operation.request(
                    fingerprint,
                    vo=vo,
                )
            )
        )

    async def rehearse_request(
        self,
        body: RehearsedRequest | Mapping[Any, Any],
    ) -> RehearsalResult:
        """POST /api/bridge/rehearsals

        Do a request that changes jobs in a transaction that is rolled back: the answer, and rows before and after.
        """
        from . import bridge_rehearse_request as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_hidden_jobs(
        self,
        body: BodyBridgeGetHiddenJobs | Mapping[Any, Any],
    ) -> list[int]:
        """POST /api/bridge/rehearsals/hidden

        Those of the jobs that exist and that the caller may not see; neither their owners nor their VOs are told.
        """
        from . import bridge_get_hidden_jobs as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_jobs_state(
        self,
        body: BodyBridgeGetJobsState | Mapping[Any, Any],
    ) -> JobsState:
        """POST /api/bridge/rehearsals/state

        The rows that requests change, of jobs that the caller may change.
        """
        from . import bridge_get_jobs_state as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

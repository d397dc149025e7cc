"""The operation group ``bridge``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.bridge_set_job_attributes_response_bridge_set_job_attributes import (
        BridgeSetJobAttributesResponseBridgeSetJobAttributes,
    )
    from ...models.bridge_set_job_attributes_updates import BridgeSetJobAttributesUpdates

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

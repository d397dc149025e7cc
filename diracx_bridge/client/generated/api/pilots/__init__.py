"""The operation group ``pilots``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.pilot_registration_params import PilotRegistrationParams
    from ...models.pilots_update_pilot_metadata_updates import PilotsUpdatePilotMetadataUpdates
    from ...models.search_params import SearchParams
    from ...models.summary_params import SummaryParams
    from ...types import UNSET, Unset

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncPilots:
    """The operations of the group ``pilots``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def register_pilot(
        self,
        body: PilotRegistrationParams | Mapping[Any, Any],
    ) -> Any:
        """POST /api/pilots/

        Register a pilot that was submitted. 409 if there is one with this stamp.
        """
        from . import pilots_register_pilot as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def update_pilot_metadata(
        self,
        body: PilotsUpdatePilotMetadataUpdates | Mapping[Any, Any],
    ) -> Any:
        """PATCH /api/pilots/metadata

        Change pilots, by stamp; absent members stay as they are. 404 names stamps that no pilot has.
        """
        from . import pilots_update_pilot_metadata as operation

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
        """POST /api/pilots/search

        Find pilots. Pages are told by `Content-Range`: 206 for one page of several, 200 for everything.

        A condition on `JobID` (`eq`, `in`) finds the pilots that ran a job. A page beyond the end is empty.
        """
        from . import pilots_search as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                    page=page,
                    per_page=per_page,
                )
            )
        )

    def summary(
        self,
        body: SummaryParams | Mapping[Any, Any],
    ) -> Any:
        """POST /api/pilots/summary

        Count pilots by the values of some columns.
        """
        from . import pilots_summary as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )


class AsyncPilots:
    """The operations of the group ``pilots``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

    async def register_pilot(
        self,
        body: PilotRegistrationParams | Mapping[Any, Any],
    ) -> Any:
        """POST /api/pilots/

        Register a pilot that was submitted. 409 if there is one with this stamp.
        """
        from . import pilots_register_pilot as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def update_pilot_metadata(
        self,
        body: PilotsUpdatePilotMetadataUpdates | Mapping[Any, Any],
    ) -> Any:
        """PATCH /api/pilots/metadata

        Change pilots, by stamp; absent members stay as they are. 404 names stamps that no pilot has.
        """
        from . import pilots_update_pilot_metadata as operation

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
        """POST /api/pilots/search

        Find pilots. Pages are told by `Content-Range`: 206 for one page of several, 200 for everything.

        A condition on `JobID` (`eq`, `in`) finds the pilots that ran a job. A page beyond the end is empty.
        """
        from . import pilots_search as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                    page=page,
                    per_page=per_page,
                )
            )
        )

    async def summary(
        self,
        body: SummaryParams | Mapping[Any, Any],
    ) -> Any:
        """POST /api/pilots/summary

        Count pilots by the values of some columns.
        """
        from . import pilots_summary as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

"""The operation group ``rss``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.rss_get_compute_status_response_rss_get_compute_status import (
        RssGetComputeStatusResponseRssGetComputeStatus,
    )
    from ...models.rss_get_fts_status_response_rss_get_fts_status import RssGetFtsStatusResponseRssGetFtsStatus
    from ...models.rss_get_site_status_response_rss_get_site_status import RssGetSiteStatusResponseRssGetSiteStatus
    from ...models.rss_get_storage_status_response_rss_get_storage_status import (
        RssGetStorageStatusResponseRssGetStorageStatus,
    )
    from ...types import UNSET, Unset

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncRss:
    """The operations of the group ``rss``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def get_compute_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetComputeStatusResponseRssGetComputeStatus:
        """GET /api/rss/compute

        Whether jobs may go to computing elements. 304 if the client has it already.
        """
        from . import rss_get_compute_status as operation

        return operation.parse(
            self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

    def get_fts_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetFtsStatusResponseRssGetFtsStatus:
        """GET /api/rss/fts

        Whether transfers may go to FTS servers. 304 if the client has it already.
        """
        from . import rss_get_fts_status as operation

        return operation.parse(
            self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

    def get_site_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetSiteStatusResponseRssGetSiteStatus:
        """GET /api/rss/site

        Whether jobs may go to sites. 304 if the client has it already.
        """
        from . import rss_get_site_status as operation

        return operation.parse(
            self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

    def get_storage_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetStorageStatusResponseRssGetStorageStatus:
        """GET /api/rss/storage

        What may be done with storage elements. 304 if the client has it already.
        """
        from . import rss_get_storage_status as operation

        return operation.parse(
            self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )


class AsyncRss:
    """The operations of the group ``rss``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

    async def get_compute_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetComputeStatusResponseRssGetComputeStatus:
        """GET /api/rss/compute

        Whether jobs may go to computing elements. 304 if the client has it already.
        """
        from . import rss_get_compute_status as operation

        return operation.parse(
            await self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

    async def get_fts_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetFtsStatusResponseRssGetFtsStatus:
        """GET /api/rss/fts

        Whether transfers may go to FTS servers. 304 if the client has it already.
        """
        from . import rss_get_fts_status as operation

        return operation.parse(
            await self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

    async def get_site_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetSiteStatusResponseRssGetSiteStatus:
        """GET /api/rss/site

        Whether jobs may go to sites. 304 if the client has it already.
        """
        from . import rss_get_site_status as operation

        return operation.parse(
            await self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

    async def get_storage_status(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> RssGetStorageStatusResponseRssGetStorageStatus:
        """GET /api/rss/storage

        What may be done with storage elements. 304 if the client has it already.
        """
        from . import rss_get_storage_status as operation

        return operation.parse(
            await self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

"""The operation group ``config``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...types import UNSET, Unset

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncConfig:
    """The operations of the group ``config``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def serve_config(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> Any:
        """GET /api/config/

        The configuration. 304 if the client has it already, by `If-None-Match` or else by `If-Modified-Since`.

        Administrators of the configuration or of services get all of it; others without certificate subjects, e-mail
        addresses and `Systems`, and of other VOs what logins need.
        """
        from . import config_serve_config as operation

        return operation.parse(
            self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )


class AsyncConfig:
    """The operations of the group ``config``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

    async def serve_config(
        self,
        *,
        if_none_match: None | str | Unset = UNSET,
        if_modified_since: None | str | Unset = UNSET,
    ) -> Any:
        """GET /api/config/

        The configuration. 304 if the client has it already, by `If-None-Match` or else by `If-Modified-Since`.

        Administrators of the configuration or of services get all of it; others without certificate subjects, e-mail
        addresses and `Systems`, and of other VOs what logins need.
        """
        from . import config_serve_config as operation

        return operation.parse(
            await self._send(
                operation.request(
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                )
            )
        )

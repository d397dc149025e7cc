"""The statuses of the installation, kept in memory: requests do not wait for the database."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import structlog

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sql.resource_status.db import ElementStatus, ResourceStatusDB
from diracx_bridge.db.sql.server import Server
from diracx_bridge.services.rss.views import View

log = structlog.get_logger(__name__)

SOFT_SECONDS: Final = 5.0
"""What is older is still served, while a newer one is fetched."""
HARD_SECONDS: Final = 3600.0
"""What is older is not served any more."""


class ResourceStatusCache:
    """One snapshot of all statuses, and the views of it that were asked for.

    A refresh that finds nothing new leaves the views as they are. Without requests the database is left alone.
    """

    def __init__(self, server: Server, database: ResourceStatusDB) -> None:
        self._server = server
        self._database = database
        self._statuses: frozenset[ElementStatus] | None = None
        self._views: dict[tuple[str, str], View] = {}
        self._loaded = float("-inf")
        self._refresh: asyncio.Task[None] | None = None

    async def view(self, kind: str, vo: str) -> View:
        """What members of ``vo`` see of ``kind`` (a name of ``KINDS``).

        Raises:
            Unavailable: the database has not answered for an hour, or not yet.
        """
        age = time.monotonic() - self._loaded
        if age > SOFT_SECONDS and (self._refresh is None or self._refresh.done()):
            self._refresh = asyncio.create_task(self._load(), name="resource status")
            self._refresh.add_done_callback(_log_failure)
        if age > HARD_SECONDS and self._refresh is not None:
            await asyncio.shield(self._refresh)
        statuses = self._statuses or frozenset()
        found = self._views.get((kind, vo))
        if found is None:
            found = self._views[kind, vo] = View.of(kind, vo, statuses)
        return found

    async def close(self) -> None:
        """Give up a refresh that is under way."""
        if self._refresh is not None:
            self._refresh.cancel()
            await asyncio.gather(self._refresh, return_exceptions=True)

    async def _load(self) -> None:
        statuses = frozenset(await self._server.read(self._database.all))
        if statuses != self._statuses:
            self._statuses = statuses
            self._views = {}
        self._loaded = time.monotonic()


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        known = str(error) if isinstance(error, Unavailable) else type(error).__name__
        log.warning("resource status not refreshed", why=known)

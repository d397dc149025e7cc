"""Connections that stay at hand between single statements: to take one from a pool costs more than the statement."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sql.failures import failure_kind

T = TypeVar("T")

IDLE_SECONDS: Final = 300
"""A connection that was not used for so long is replaced: the server, or a firewall, may have closed it."""
PATIENCE_SECONDS: Final = 10
"""How long a statement waits for a connection."""


class _Kept(NamedTuple):
    connection: AsyncConnection
    driver: Any
    used: float


class KeptConnections:
    """At most ``size`` connections of ``engine``, one statement at a time on each; opened when they are needed."""

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._size = size
        self._room = asyncio.Semaphore(size)
        self._free: list[_Kept] = []

    async def run(self, work: Callable[[AsyncConnection, Any], Awaitable[T]]) -> T:
        """What ``work`` returns, which gets a connection and that of its driver.

        Raises:
            Unavailable: all are in use, for too long.
        """
        await self._wait()
        try:
            connection, driver, _ = await self._take()
            try:
                result = await work(connection, driver)
            except BaseException as error:
                # after a cancellation an answer may still be on its way: nobody else may get this connection
                if not isinstance(error, Exception) or failure_kind(error) == "lost":
                    await asyncio.shield(_discard(connection))
                else:
                    self._free.append(_Kept(connection, driver, time.monotonic()))
                raise
            self._free.append(_Kept(connection, driver, time.monotonic()))
            return result
        finally:
            self._room.release()

    async def _wait(self) -> None:
        if not self._room.locked():
            await self._room.acquire()
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._room.acquire()
        except TimeoutError:
            raise Unavailable("All database connections are busy; try again.", retry_after=2) from None

    async def _take(self) -> _Kept:
        while self._free:
            kept = self._free.pop()
            if time.monotonic() - kept.used < IDLE_SECONDS:
                return kept
            await _discard(kept.connection)
        connection = await self._engine.connect()
        driver = (await connection.get_raw_connection()).driver_connection
        return _Kept(connection, driver, time.monotonic())

    async def close(self) -> None:
        """Close those that are not in use."""
        while self._free:
            await _discard(self._free.pop().connection)


async def _discard(connection: AsyncConnection) -> None:
    await connection.invalidate()
    await connection.close()

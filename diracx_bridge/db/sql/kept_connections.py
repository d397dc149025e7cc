"""Connections that stay at hand: SQLAlchemy's pool, which resets each of them, costs more than a short transaction."""

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
"""How long one waits for a connection."""


class _Kept(NamedTuple):
    connection: AsyncConnection
    driver: Any
    used: float


class KeptConnections:
    """At most ``size`` connections of ``engine``, one user at a time for each; opened when they are needed.

    They commit by themselves after each statement, unless a transaction is begun by a statement.
    """

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._room = asyncio.Semaphore(size)
        self._free: list[_Kept] = []
        self._opening: set[asyncio.Task[_Kept]] = set()
        self.in_use = 0

    async def run(self, work: Callable[[AsyncConnection, Any], Awaitable[T]]) -> T:
        """What ``work`` returns, which gets a connection and that of its driver, and leaves no transaction open.

        Raises:
            Unavailable: all are in use, for too long.
        """
        await self._wait()
        self.in_use += 1
        try:
            connection, driver, _ = await self._take()
            try:
                result = await work(connection, driver)
            except BaseException as error:
                if _is_broken(error):
                    await asyncio.shield(_discard(connection))
                else:
                    self._give_back(connection, driver)
                raise
            self._give_back(connection, driver)
            return result
        finally:
            self.in_use -= 1
            self._room.release()

    def _give_back(self, connection: AsyncConnection, driver: Any) -> None:
        self._free.append(_Kept(connection, driver, time.monotonic()))

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
        opening = asyncio.create_task(self._open())
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._keep_opened)
            raise

    async def _open(self) -> _Kept:
        connection = await self._engine.connect()
        driver = (await connection.get_raw_connection()).driver_connection
        return _Kept(connection, driver, time.monotonic())

    def _keep_opened(self, opening: asyncio.Task[_Kept]) -> None:
        """Nobody waits any more for this connection, which the next one may use."""
        if not opening.cancelled() and opening.exception() is None:
            self._free.append(opening.result())

    async def close(self) -> None:
        """Give those that are not in use to the engine, which can close them then."""
        await asyncio.gather(*self._opening, return_exceptions=True)
        await asyncio.sleep(0)  # lets the last one be kept
        while self._free:
            await self._free.pop().connection.close()


def _is_broken(error: BaseException) -> bool:
    """Whether nobody else may get the connection: it is lost, or an answer may still be on its way to it."""
    return not isinstance(error, Exception) or any(
        each is not None and failure_kind(each) == "lost" for each in (error, error.__cause__)
    )


async def _discard(connection: AsyncConnection) -> None:
    await connection.invalidate()
    await connection.close()

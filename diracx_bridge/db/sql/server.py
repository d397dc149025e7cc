"""Database servers: one engine for all databases that can share a connection, and so a transaction."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import partial
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from diracx_bridge.core.errors import InvalidInput, SettingsError, Unavailable
from diracx_bridge.db.sql.failures import failure_kind, refused_value
from diracx_bridge.db.sql.kept_connections import KeptConnections
from diracx_bridge.db.sql.rehearsal import REHEARSAL, RolledBack, rehearsed
from diracx_bridge.db.sql.sqlite import sqlite_engine
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.db.sql.urls import DatabaseURL, parse_urls, variable

T = TypeVar("T")
log = structlog.get_logger(__name__)

ATTEMPTS = 8
"""How often a transaction is tried when the database picks it as the victim of a deadlock or a lock time-out."""
POOL_SIZE = 20
PING_SECONDS = 10.0
PING: Final = Statement("SELECT 1")
BEGIN: Final = {"mysql": "START TRANSACTION", "sqlite": "BEGIN IMMEDIATE"}


class Server:
    """Databases on one server (or SQLite files) that share connections and transactions.

    ``dialect`` is "mysql" (MySQL and MariaDB) or "sqlite"; ``names`` maps logical database names ("JobDB") to quoted
    real ones. Isolation is READ COMMITTED on MySQL and MariaDB, so that a trigger sees what others committed meanwhile.
    """

    def __init__(self, urls: Mapping[str, DatabaseURL], *, pool_size: int = POOL_SIZE) -> None:
        first = next(iter(urls.values()))
        self.dialect = first.dialect
        self.databases = {name: url.database for name, url in urls.items()}
        self._texts: MutableMapping[Statement, str] = WeakKeyDictionary()
        self._writers = asyncio.Lock()
        self._pinged = float("-inf")
        if self.dialect == "sqlite":
            files = {name: url.database for name, url in urls.items()}
            engine, self.databases = sqlite_engine(files, pool_size)
        else:
            engine = _mysql_engine(first.url, pool_size)
        self.engine: AsyncEngine = engine.execution_options(schema_translate_map=dict(self.databases))
        self._connections = KeptConnections(self.engine, pool_size)
        self.names = {name: _quoted(real, self.dialect) for name, real in self.databases.items()}

    def text(self, statement: Statement) -> str:
        """``statement`` for this server, made once."""
        found = self._texts.get(statement)
        if found is None:
            found = self._texts[statement] = statement.text(self.dialect, self.names)
        return found

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What ``work`` returns, once everything it did is committed; nothing of it is, if this raises.

        Deadlocks, lock time-outs, lost races for a log's sequence number and connections that broke before the commit
        are tried again as a whole, so ``work`` may run several times and must have no effect but its statements.
        In a rehearsal (`REHEARSAL`) it is rolled back.

        Raises:
            Unavailable: the database doesn't answer, or the conflict did not go away, or the connection broke during
                the commit, so that nobody knows whether it is done; the message says which.
            InvalidInput: a value does not fit its column; the message names the column.
        """
        rehearsal = REHEARSAL.get()
        if rehearsal is not None:
            try:
                return await self._write(rehearsed(work, rehearsal))
            except RolledBack as end:
                value: T = end.value
                return value
        return await self._write(work)

    async def _write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self._in_turn(work, BEGIN[self.dialect])

    async def write_once(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As :meth:`write`, for work that is one statement: it needs no round trips for its ends."""
        return await (self._in_turn(work, None) if REHEARSAL.get() is None else self.write(work))

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As :meth:`write`, for work that only reads: each statement sees what was committed before it."""
        return await self._retried(work, None)

    async def _in_turn(self, work: Callable[[Transaction], Awaitable[T]], begin: str | None) -> T:
        if self.dialect != "sqlite":
            return await self._retried(work, begin)
        async with self._writers:  # SQLite lets writers wait by trial and error: a queue is fair
            return await self._retried(work, begin)

    async def _retried(self, work: Callable[[Transaction], Awaitable[T]], begin: str | None) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                result = await self._connections.run(partial(self._transaction, work, begin))
                _honour_cancellation()
                return result
            except Exception as error:
                kind = failure_kind(error)
                if kind == "other":
                    raise
                if kind == "refused":
                    raise InvalidInput(refused_value(error)) from error
                if (kind == "lost" and attempt > 2) or attempt == ATTEMPTS:
                    log.error("database unavailable", databases=sorted(self.databases), kind=kind, attempts=attempt)
                    raise Unavailable(
                        f"The database of {', '.join(sorted(self.databases))} does not answer; try again."
                        if kind == "lost"
                        else "Too many others are changing the same rows; try again.",
                        retry_after=10 if kind == "lost" else 1,
                    ) from error
            await asyncio.sleep(random.uniform(0.2, 1.0) * 0.01 * 2**attempt)  # noqa: S311 - no secret
        raise AssertionError("unreachable")

    async def _transaction(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        begin: str | None,
        connection: AsyncConnection,
        driver: Any,
    ) -> T:
        tx = Transaction(connection, driver, self.dialect, self.databases, self.text, begin)
        try:
            result = await work(tx)
            await tx.commit()
        except Exception as error:
            if failure_kind(error) != "lost":
                await tx.roll_back()
            elif tx.ending:
                raise Unavailable(
                    "The database was lost during the commit: the change may be made or not. Ask for it, or repeat the "
                    "request with the same x-ms-client-request-id.",
                    retry_after=10,
                ) from error
            raise
        return result

    @property
    def connections_in_use(self) -> int:
        """How many connections are at work now."""
        return self._connections.in_use

    async def ping(self) -> None:
        """Return if the server answers; an answer is good for ten seconds.

        Raises:
            Unavailable: it doesn't.
        """
        if time.monotonic() - self._pinged > PING_SECONDS:
            await self.read(lambda tx: tx.execute(PING))
            self._pinged = time.monotonic()

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()
        await self.engine.dispose()


class Databases:
    """All SQL databases of an installation, by logical name; ``urls`` as ``DIRACX_DB_URL_<NAME>`` has them."""

    def __init__(self, urls: Mapping[str, str], *, pool_size: int = POOL_SIZE) -> None:
        groups: dict[Any, dict[str, DatabaseURL]] = {}
        for name, url in parse_urls(urls).items():
            groups.setdefault(url.server, {})[name] = url
        self.servers = [Server(group, pool_size=pool_size) for group in groups.values()]
        self._by_name = {name: server for server in self.servers for name in server.databases}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def server_of(self, *names: str) -> Server:
        """The one server that holds all of the databases ``names``.

        Raises:
            SettingsError: one has no URL, or they can't share a transaction.
        """
        missing = [variable(name) for name in names if name not in self._by_name]
        if missing:
            raise SettingsError(f"{' and '.join(missing)} must be set: the URL of the database")
        servers = {id(self._by_name[name]): self._by_name[name] for name in names}
        if len(servers) > 1:
            raise SettingsError(
                f"{', '.join(map(variable, names))} must name one server and one user: a change of a job and its log "
                "are committed together or not at all. Give one database user the rights on all of them."
            )
        return next(iter(servers.values()))

    async def ping(self, names: Iterable[str]) -> None:
        """Return if the servers of all ``names`` answer.

        Raises:
            Unavailable: one does not.
        """
        for server in {id(s): s for s in map(self.server_of, names)}.values():
            await server.ping()

    async def close(self) -> None:
        """Close all connections of all servers."""
        for server in self.servers:
            await server.close()


def _mysql_engine(url: URL, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        pool_timeout=10,
        pool_recycle=1800,
        hide_parameters=True,
        pool_reset_on_return=None,  # every transaction ends by a commit, a rollback or a closed connection
        connect_args={"charset": "utf8mb4", "connect_timeout": 5},
    )


def _honour_cancellation() -> None:
    """Raise if the current task was cancelled: drivers connect by ``wait_for``, which may lose that in Python 3.11."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _quoted(name: str, dialect: str) -> str:
    return '"' + name.replace('"', '""') + '"' if dialect == "sqlite" else "`" + name.replace("`", "``") + "`"

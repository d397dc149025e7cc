"""A transaction that is open, and the statements that run in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from diracx_bridge.db.sql.drivers import Call, Result, run_calls
from diracx_bridge.db.sql.statement import Statement

T = TypeVar("T")
Rows = Sequence[tuple[Any, ...]]

COMMIT: Final[Call] = ("COMMIT", {})


class Pending:
    """A statement that is not sent yet; await it for its rows, or leave it to go with the next one that is awaited."""

    __slots__ = ("_tx", "call", "result")

    def __init__(self, tx: Transaction, call: Call) -> None:
        self._tx = tx
        self.call = call
        self.result: Result | None = None

    def __await__(self) -> Generator[Any, None, Rows]:
        result = yield from self.complete().__await__()
        return result.rows

    def then(self, read: Callable[[Rows], T]) -> Awaitable[T]:
        """What ``read`` makes of its rows, once that is waited for."""
        return _Read(self, read)

    async def complete(self) -> Result:
        """What it gave, once it has run."""
        if self.result is None:
            await self._tx.flush()
        if self.result is None:
            raise RuntimeError("A statement that was sent with this one failed")
        return self.result


class _Read(Generic[T]):
    __slots__ = ("_pending", "_read")

    def __init__(self, pending: Pending, read: Callable[[Rows], T]) -> None:
        self._pending = pending
        self._read = read

    def __await__(self) -> Generator[Any, None, T]:
        rows = yield from self._pending.__await__()
        return self._read(rows)


class Transaction:
    """One open transaction; hand it to the functions of ``db``, never keep it.

    ``databases`` maps the logical names of the databases that it covers to their real names. The constant statements of
    our own go to the driver itself, because SQLAlchemy's way to it costs twice the time of the statement. What is
    enqueued, the begin (``begin``, None if each statement is to commit itself) and the commit share an exchange with
    the statement that is waited for next.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        driver: Any,
        dialect: str,
        databases: Mapping[str, str],
        text: Callable[[Statement], str],
        begin: str | None = None,
    ) -> None:
        self.dialect = dialect
        self.databases = databases
        self.ending = False
        self._connection = connection
        self._driver = driver
        self._text = text
        self._begin = begin
        self._begun = False
        self._queue: list[Pending] = []

    def enqueue(self, statement: Statement, /, **values: Any) -> Pending:
        """Have ``statement`` run before the next one that is waited for, at the latest before the commit.

        Values for its row sets are lists of rows (sequences of JSON values). What fails, fails where it is sent.
        """
        statement, values = statement.fitting(self.dialect, values)
        pending = Pending(self, (self._text(statement), statement.parameters(values)))
        self._queue.append(pending)
        return pending

    async def execute(self, statement: Statement, /, **values: Any) -> Rows:
        """Run ``statement``; its rows, none if it has no result."""
        return await self.enqueue(statement, **values)

    async def insert(self, statement: Statement, /, **values: Any) -> int:
        """Run an INSERT; the id that the database gave to its first row (on SQLite: to its last row)."""
        return (await self.enqueue(statement, **values).complete()).inserted

    async def affected(self, statement: Statement, /, **values: Any) -> int:
        """Run an INSERT; how many rows it added."""
        return (await self.enqueue(statement, **values).complete()).affected

    async def raw(
        self, statement: Executable, parameters: dict[str, Any] | list[dict[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a SQLAlchemy statement (searches); table schemas are logical database names."""
        await self.flush()
        return await self._connection.execute(statement, parameters)

    async def flush(self, *last: Call) -> None:
        """Send what is enqueued, after the begin if that was not sent yet, and then ``last``."""
        queue, self._queue = self._queue, []
        first: list[Call] = []
        if self._begin is not None and not self._begun:
            first, self._begun = [(self._begin, {})], True
        calls = [*first, *(pending.call for pending in queue), *last]
        if not calls:
            return
        results = await run_calls(self._driver, self.dialect, calls)
        for pending, result in zip(queue, results[len(first) :], strict=False):
            pending.result = result

    async def commit(self) -> None:
        """Send what is enqueued, and commit. If this fails for a lost connection, nobody knows whether it is done.

        So the commit never shares the first exchange, which fails if the connection was lost while nobody used it.
        """
        if self._queue and not self._begun:
            await self.flush()
        if self._begun:
            self.ending = True
            await self.flush(COMMIT)

    async def roll_back(self) -> None:
        """Undo everything; what is enqueued is forgotten."""
        self._queue.clear()
        if self._begun:
            await self._driver.rollback()

"""A transaction that is open, and the statements that run in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from diracx_bridge.db.sql.statement import Statement


class Transaction:
    """One open transaction; hand it to the functions of ``db``, never keep it.

    ``databases`` maps the logical names of the databases that it covers to their real names. The constant statements of
    our own go to the driver itself, because SQLAlchemy's way to it costs twice the time of the statement.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        driver: Any,
        dialect: str,
        databases: Mapping[str, str],
        text: Callable[[Statement], str],
    ) -> None:
        self.dialect = dialect
        self.databases = databases
        self._connection = connection
        self._driver = driver
        self._text = text

    async def execute(self, statement: Statement, /, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Run ``statement``; its rows, none if it has no result.

        Values for its row sets are lists of rows (sequences of JSON values).
        """
        sql, parameters = self._text(statement), statement.parameters(values)
        if self.dialect == "sqlite":
            return list(await self._driver.execute_fetchall(sql, parameters))
        async with self._driver.cursor() as cursor:
            await cursor.execute(sql, parameters)
            return list(await cursor.fetchall()) if cursor.description else []

    async def insert(self, statement: Statement, /, **values: Any) -> int:
        """Run an INSERT; the id that the database gave to its first row (on SQLite: to its last row)."""
        sql, parameters = self._text(statement), statement.parameters(values)
        if self.dialect == "sqlite":
            async with self._driver.execute(sql, parameters) as cursor:
                return int(cursor.lastrowid)
        async with self._driver.cursor() as cursor:
            await cursor.execute(sql, parameters)
            return int(cursor.lastrowid)

    async def affected(self, statement: Statement, /, **values: Any) -> int:
        """Run an INSERT; how many rows it added."""
        sql, parameters = self._text(statement), statement.parameters(values)
        if self.dialect == "sqlite":
            async with self._driver.execute(sql, parameters) as cursor:
                return int(cursor.rowcount)
        async with self._driver.cursor() as cursor:
            await cursor.execute(sql, parameters)
            return int(cursor.rowcount)

    async def raw(
        self, statement: Executable, parameters: dict[str, Any] | list[dict[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a SQLAlchemy statement (searches); table schemas are logical database names."""
        return await self._connection.execute(statement, parameters)

"""Statements at the drivers themselves: several in one exchange with the database, because each exchange costs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from diracx_bridge.db.sql.statement import JSONText

JOINED_LENGTH: Final = 256 * 1024
"""Statements that are longer together (in characters) go one by one: a server refuses packets that are too long."""

NO_BACKSLASH_ESCAPES: Final = 512
"""The flag by which a server tells that its ``sql_mode`` takes backslashes in texts as they are."""

Call = tuple[str, dict[str, Any]]
"""The text of a statement for the driver, and its parameters."""


class Result(NamedTuple):
    """What one statement gave: its rows, the id of the row that it inserted, the number of rows that it changed."""

    rows: Sequence[tuple[Any, ...]]
    inserted: int
    affected: int


async def run_calls(driver: Any, dialect: str, calls: Sequence[Call]) -> list[Result]:
    """The results of ``calls``, in order, on a connection of a ``dialect``'s driver; those after a failure do not run.

    Raises:
        Exception: what the driver raises for the first call that fails.
    """
    if dialect == "sqlite":
        # one hop to the connection's thread for all of them, which aiosqlite's public methods don't offer
        results: list[Result] = await driver._execute(_on_sqlite, driver._conn, calls)
        return results
    texts = [text % {name: _escaped(driver, value) for name, value in values.items()} for text, values in calls]
    async with driver.cursor(_quiet(getattr(driver, "cursorclass", None) or driver._cursor_cls)) as cursor:
        if len(texts) > 1 and sum(map(len, texts)) > JOINED_LENGTH:
            return [await _first(cursor, text) for text in texts]
        results = [await _first(cursor, ";".join(texts))]
        while await cursor.nextset():
            results.append(await _result(cursor))
        return results


@cache
def _quiet(cursor: type) -> type:
    """``cursor`` without the further exchange by which it asks for warnings, that nobody would read."""

    async def _show_warnings(_self: Any, _connection: Any) -> None:
        return

    return type("QuietCursor", (cursor,), {"_show_warnings": _show_warnings})


def _escaped(driver: Any, value: Any) -> str:
    """``value`` as a literal, a list with its parentheses."""
    if isinstance(value, list):
        return f"({','.join(map(driver.escape, value))})"
    if isinstance(value, JSONText):  # whose quotation marks may stay, and which has no control characters
        text = value if driver.server_status & NO_BACKSLASH_ESCAPES else value.replace("\\", "\\\\")
        return "'" + text.replace("'", "''") + "'"
    return str(driver.escape(value))


async def _first(cursor: Any, text: str) -> Result:
    await cursor.execute(text)
    return await _result(cursor)


async def _result(cursor: Any) -> Result:
    rows = list(await cursor.fetchall()) if cursor.description else []
    return Result(rows, cursor.lastrowid or 0, cursor.rowcount)


def _on_sqlite(connection: sqlite3.Connection, calls: Sequence[Call]) -> list[Result]:
    results = []
    for text, parameters in calls:
        cursor = connection.execute(text, parameters)
        results.append(Result(cursor.fetchall(), cursor.lastrowid or 0, cursor.rowcount))
        cursor.close()
    return results

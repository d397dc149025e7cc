"""Statements at the drivers themselves: several in one exchange with the database, because each exchange costs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

JOINED_LENGTH: Final = 256 * 1024
"""Statements that are longer together (in characters) go one by one: a server refuses packets that are too long."""

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
    async with driver.cursor() as cursor:
        if len(calls) == 1:
            return [await _first(cursor, *calls[0])]
        texts = [cursor.mogrify(text, parameters) for text, parameters in calls]
        if sum(map(len, texts)) > JOINED_LENGTH:
            return [await _first(cursor, text, None) for text in texts]
        results = [await _first(cursor, ";".join(texts), None)]
        while await cursor.nextset():
            results.append(await _result(cursor))
        return results


async def _first(cursor: Any, text: str, parameters: dict[str, Any] | None) -> Result:
    await cursor.execute(text, parameters)
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

"""A transaction, and what its failures mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from sqlalchemy import CursorResult, Executable, TextClause
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from diracx_bridge.db.sql.statement import Statement

CONFLICTS = {1020, 1205, 1213, 1451, 1452}
"""MySQL errors of two writers in each other's way: changed since last read, lock time-out, deadlock, and a foreign key
that another writer needs or took away meanwhile (a task queue that is filled while it is dropped)."""
LOST = {1040, 1043, 1047, 1053, 1152, 1158, 1159, 1160, 1161, 1927, 2002, 2003, 2006, 2013, 2014, 2055}
"""MySQL errors of a server that is not there, goes away or has no room for another connection."""
REFUSED = {1264, 1292, 1366, 1406}
"""MySQL errors of values that do not fit: out of range, no date, characters that the column's set lacks, too long."""
DUPLICATE_KEY = 1062
_COLUMN = re.compile(r"column (?:`[^`]+`\.)*[`']?(\w+)[`']?")


class Transaction:
    """One open transaction; hand it to the functions of ``db``, never keep it.

    ``databases`` maps the logical names of the databases that it covers to their real names.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        dialect: str,
        databases: Mapping[str, str],
        text: Callable[[Statement], TextClause],
    ) -> None:
        self.dialect = dialect
        self.databases = databases
        self._connection = connection
        self._text = text

    async def execute(self, statement: Statement, /, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run ``statement``; values for its row sets are lists of rows (sequences of JSON values)."""
        return await self._connection.execute(self._text(statement), statement.parameters(values))

    async def raw(
        self, statement: Executable, parameters: dict[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a SQLAlchemy statement (searches); table schemas are logical database names."""
        return await self._connection.execute(statement, parameters)


def failure_kind(error: BaseException) -> Literal["conflict", "lost", "refused", "other"]:
    """Trying again may help after a "conflict" with other writers or a "lost" server; "refused" is a bad value."""
    if isinstance(error, OSError):
        return "lost"
    if not isinstance(error, DBAPIError):
        return "other"
    original = error.orig
    arguments = getattr(original, "args", ())
    number = arguments[0] if arguments else None
    if isinstance(number, str):
        if "database is locked" in number or "database table is locked" in number:
            return "conflict"
        return "lost" if error.connection_invalidated else "other"
    if number in CONFLICTS or (number == DUPLICATE_KEY and _lost_a_race_for_a_log_number(arguments)):
        return "conflict"
    if number in REFUSED:
        return "refused"
    return "lost" if number in LOST or error.connection_invalidated else "other"


def refused_value(error: BaseException) -> str:
    """What to tell about a value that the database refused, in our words."""
    found = _COLUMN.search(str(getattr(error, "orig", error)))
    return f"A value does not fit the column {found[1]}" if found else "A value does not fit its column"


def _lost_a_race_for_a_log_number(arguments: tuple[Any, ...]) -> bool:
    """LoggingInfo's numbers are made by a trigger or by our INSERT: two writers may get the same one, and one fails."""
    message = str(arguments[1]) if len(arguments) > 1 else ""
    return "LoggingInfo" in message or ("for key 'PRIMARY'" in message and "-" in message)

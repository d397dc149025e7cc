"""What the failure of a statement means: whether trying again may help, or a value was at fault."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from sqlalchemy.exc import DBAPIError

CONFLICTS: Final = frozenset({1020, 1205, 1213, 1451, 1452})
"""MySQL errors of two writers in each other's way: changed since last read, lock time-out, deadlock, and a foreign key
that another writer needs or took away meanwhile (a task queue that is filled while it is dropped)."""
LOST: Final = frozenset(
    {1040, 1043, 1047, 1053, 1152, 1158, 1159, 1160, 1161, 1927, 2002, 2003, 2006, 2013, 2014, 2055}
)
"""MySQL errors of a server that is not there, goes away or has no room for another connection."""
REFUSED: Final = frozenset({1264, 1292, 1366, 1406})
"""MySQL errors of values that do not fit: out of range, no date, characters that the column's set lacks, too long."""
DENIED: Final = frozenset({1044, 1142, 1143, 1227, 1370})
"""MySQL errors of a right that the user does not have."""
DUPLICATE_KEY: Final = 1062
DRIVERS: Final = frozenset({"aiomysql", "aiosqlite", "asyncmy", "pymysql", "sqlite3"})
_COLUMN: Final = re.compile(r"column (?:`[^`]+`\.)*[`']?(\w+)[`']?")

Kind = Literal["conflict", "lost", "refused", "other"]


def failure_kind(error: BaseException) -> Kind:
    """Trying again may help after a "conflict" with other writers or a "lost" server; "refused" is a bad value.

    ``error`` is what SQLAlchemy, a driver, or the operating system raised; everything else is "other".
    """
    if isinstance(error, DBAPIError):
        return "lost" if error.connection_invalidated else _kind_of(getattr(error.orig, "args", ()))
    if from_a_driver(error):
        return _kind_of(error.args)
    return "lost" if isinstance(error, OSError) else "other"


def from_a_driver(error: BaseException) -> bool:
    """Whether a database driver raised this."""
    return type(error).__module__.partition(".")[0] in DRIVERS


def is_denied(error: BaseException) -> bool:
    """Whether a driver was told that the user lacks a right."""
    return from_a_driver(error) and bool(error.args) and error.args[0] in DENIED


def is_duplicate(error: BaseException) -> bool:
    """Whether a driver refused a row because there is one with the same key."""
    if not from_a_driver(error) or not error.args:
        return False
    code = error.args[0]
    return code == DUPLICATE_KEY or (isinstance(code, str) and code.startswith("UNIQUE constraint failed"))


def refused_value(error: BaseException) -> str:
    """What to tell about a value that the database refused, in our words."""
    found = _COLUMN.search(str(getattr(error, "orig", error)))
    return f"A value does not fit the column {found[1]}" if found else "A value does not fit its column"


def _kind_of(arguments: tuple[Any, ...]) -> Kind:
    code = arguments[0] if arguments else None
    if isinstance(code, str):
        return "conflict" if "is locked" in code else "other"
    if code in CONFLICTS or (code == DUPLICATE_KEY and _lost_a_race_for_a_log_number(arguments)):
        return "conflict"
    return "refused" if code in REFUSED else "lost" if code in LOST else "other"


def _lost_a_race_for_a_log_number(arguments: tuple[Any, ...]) -> bool:
    """LoggingInfo's numbers are made by a trigger or by our INSERT: two writers may get the same one, and one fails."""
    message = str(arguments[1]) if len(arguments) > 1 else ""
    return "LoggingInfo" in message or ("for key 'PRIMARY'" in message and "-" in message)

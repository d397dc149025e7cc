"""Column types that give DIRAC's own DDL on MySQL and MariaDB, and the nearest thing on SQLite.

Text compares without regard to case on SQLite (``NOCASE``), because it does so in DIRAC's databases
(``utf8mb4_*_ci``): a filter must not change its meaning between an embedded and a production installation. (Only
the place in the order of the ASCII characters between Z and a differs: after the letters on MySQL, before on SQLite.)
Times are naive and UTC everywhere; SQLite keeps them as ``YYYY-MM-DD HH:MM:SS.ffffff`` text, whose order is the
order of time, MySQL as ``DATETIME`` of whole seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Double, Float, Integer, MetaData, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

_SERVERS = ("mysql", "mariadb")
ADVISED: dict[Any, Any] = {"advised": True}
"""``info`` of an index that DIRAC's own DDL does not have, and that is worth to be added to its databases."""


def metadata(database: str) -> MetaData:
    """An empty set of tables whose schema token is ``database``, the logical name of the database.

    The engine replaces the token by the real name of the database (``schema_translate_map``). Indexes are named after
    their table and columns: SQLite wants names to be unique in a file, DIRAC's repeat from table to table.
    """
    return MetaData(schema=database, naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})


def text(length: int) -> TypeEngine[str]:
    """``VARCHAR(length)``."""
    return String(length).with_variant(String(length, collation="NOCASE"), "sqlite")


def exact_text(length: int) -> TypeEngine[str]:
    """``VARCHAR(length)`` that compares with regard to case, on every server."""
    exact = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return String(length).with_variant(exact, *_SERVERS)


def medium_text() -> TypeEngine[str]:
    """``MEDIUMTEXT``, up to 16 MiB."""
    return Text().with_variant(mysql.MEDIUMTEXT(), *_SERVERS)


def unsigned() -> TypeEngine[int]:
    """``INT UNSIGNED``."""
    return Integer().with_variant(mysql.INTEGER(unsigned=True), *_SERVERS)


def unsigned_big() -> TypeEngine[int]:
    """``BIGINT UNSIGNED``."""
    return BigInteger().with_variant(mysql.BIGINT(unsigned=True), *_SERVERS)


def tiny() -> TypeEngine[int]:
    """``TINYINT(1)``, holding 0 or 1."""
    return Integer().with_variant(mysql.TINYINT(1), *_SERVERS)


def single() -> TypeEngine[float]:
    """``FLOAT``."""
    return Float().with_variant(mysql.FLOAT(), *_SERVERS)


def double(precision: int | None = None, scale: int | None = None) -> TypeEngine[float]:
    """``DOUBLE`` or ``DOUBLE(precision,scale)``; floats in Python."""
    return Double(asdecimal=False).with_variant(
        mysql.DOUBLE(precision=precision, scale=scale, asdecimal=False), *_SERVERS
    )


class Flag(String):
    """``ENUM`` of the texts ``values`` on MySQL, checked text on SQLite; plain strings in Python.

    Not SQLAlchemy's ``Enum``: that one raises for values outside the list, which non-strict servers have stored.
    """

    def __init__(self, values: tuple[str, ...]) -> None:
        super().__init__(max(map(len, values)))
        self.values = values


@compiles(Flag, *_SERVERS)
def _flag_on_mysql(flag: Flag, compiler: Any, **_: Any) -> str:
    return "ENUM({})".format(",".join(f"'{value}'" for value in flag.values))


def flag_checks(columns: Sequence[Column[Any]]) -> list[CheckConstraint]:
    """The checks that stand for ``ENUM`` on SQLite, one for each ``Flag`` of ``columns``."""
    return [
        CheckConstraint(column.in_(column.type.values)).ddl_if(dialect="sqlite")
        for column in columns
        if isinstance(column.type, Flag)
    ]


class utc_now(FunctionElement[Any]):
    """The server's clock in UTC, in the format of our time columns; for server defaults."""

    inherit_cache = True
    name = "utc_now"


@compiles(utc_now, *_SERVERS)
def _utc_now_on_mysql(element: utc_now, compiler: Any, **_: Any) -> str:
    return "(UTC_TIMESTAMP())"


@compiles(utc_now, "sqlite")
def _utc_now_on_sqlite(element: utc_now, compiler: Any, **_: Any) -> str:
    return "(strftime('%Y-%m-%d %H:%M:%f000', 'now'))"

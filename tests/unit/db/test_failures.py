"""What failures of statements mean."""

from __future__ import annotations

import sqlite3

import pymysql
import pytest

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sql.failures import failure_kind, refused_value

MYSQL = pymysql.err.OperationalError


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MYSQL(1213, "Deadlock found when trying to get lock"), "conflict"),
        (MYSQL(1205, "Lock wait timeout exceeded"), "conflict"),
        (pymysql.err.IntegrityError(1062, "Duplicate entry '5-2' for key 'PRIMARY'"), "conflict"),
        (pymysql.err.IntegrityError(1062, "Duplicate entry '5-2' for key 'LoggingInfo.PRIMARY'"), "conflict"),
        (pymysql.err.IntegrityError(1062, "Duplicate entry 'x' for key 'Name'"), "other"),
        (MYSQL(2006, "MySQL server has gone away"), "lost"),
        (MYSQL(2013, "Lost connection to MySQL server during query"), "lost"),
        (ConnectionRefusedError(111, "Connection refused"), "lost"),
        (pymysql.err.DataError(1406, "Data too long for column 'MinorStatus' at row 1"), "refused"),
        (sqlite3.OperationalError("database is locked"), "conflict"),
        (sqlite3.OperationalError("no such table: Jobs"), "other"),
        (Unavailable("database is locked"), "other"),
        (KeyError(1213), "other"),
    ],
)
def test_each_failure_has_its_kind(error: Exception, kind: str) -> None:
    assert failure_kind(error) == kind


def test_the_column_of_a_refused_value_is_named_and_nothing_of_the_value() -> None:
    error = pymysql.err.DataError(
        1366, "Incorrect string value: '\\xF0\\x9D' for column `JobDB`.`Jobs`.`MinorStatus` at row 1"
    )
    assert refused_value(error) == "A value does not fit the column MinorStatus"

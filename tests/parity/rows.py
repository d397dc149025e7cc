"""Rows of jobs, as they are in the databases, made comparable between two jobs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import pymysql
from sqlalchemy import make_url

from diracx_bridge.services.jobs.jdl.prepared import extracted

TABLES: Final = {
    "Jobs": ("JobDB", "JobID"),
    "JobJDLs": ("JobDB", "JobID"),
    "InputData": ("JobDB", "JobID"),
    "JobCommands": ("JobDB", "JobID"),
    "AtticJobParameters": ("JobDB", "JobID"),
    "OptimizerParameters": ("JobDB", "JobID"),
    "HeartBeatLoggingInfo": ("JobDB", "JobID"),
    "LoggingInfo": ("JobLoggingDB", "JobID"),
    "tq_Jobs": ("TaskQueueDB", "JobId"),
}
ID: Final = "<id>"
TIME: Final = "<time>"


class RowReader:
    """Reads all rows of a job from the databases at ``urls``."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._names = {name: make_url(url).database for name, url in urls.items()}
        url = make_url(next(iter(urls.values())))
        self._connection = pymysql.connect(
            host=url.host, port=url.port or 0, user="root", autocommit=True, cursorclass=pymysql.cursors.DictCursor
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def comparable(self, job_id: int, *tables: str) -> dict[str, list[dict[str, Any]]]:
        """By table, the rows of a job in their order; ids and times are replaced, descriptions are text."""
        return {name: [_comparable(row, job_id) for row in self.rows(name, job_id)] for name in tables or TABLES}

    def rows(self, table: str, job_id: int) -> list[dict[str, Any]]:
        """The rows of a job in ``table``, as they are."""
        database, key = TABLES[table]
        return self.query(f"SELECT * FROM `{self._names[database]}`.`{table}` WHERE {key} = %s ORDER BY 1, 2", job_id)

    def begin_with(self, job_id: int) -> None:
        """Let the database give no smaller ids to new jobs."""
        self.query(f"ALTER TABLE `{self._names['JobDB']}`.JobJDLs AUTO_INCREMENT = {job_id}")

    def query(self, sql: str, *arguments: Any) -> list[dict[str, Any]]:
        """The rows of any SELECT."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, arguments)
            return list(cursor.fetchall())


def _comparable(row: dict[str, Any], job_id: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("JDL", "OriginalJDL"):
            value = extracted(value)
        if name == "StatusTimeOrder" or isinstance(value, datetime):
            value = TIME
        elif isinstance(value, str):
            value = value.replace(str(job_id), ID)
        elif value == job_id:
            value = ID
        made[name] = value
    return made

from __future__ import annotations

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.schema import CreateTable

from diracx_bridge.db.sql.auth.schema import device_flows
from diracx_bridge.db.sql.job.schema import jobs
from diracx_bridge.db.sql.job_logging.schema import logging_info
from diracx_bridge.db.sql.schemas import SCHEMAS
from diracx_bridge.db.sql.task_queue.schema import task_queues


def ddl(table: Table, dialect: str) -> str:
    return str(CreateTable(table).compile(dialect={"mysql": mysql, "sqlite": sqlite}[dialect].dialect()))


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (jobs, "`JobID` INTEGER UNSIGNED NOT NULL DEFAULT '0'"),
        (jobs, "`AccountedFlag` ENUM('True','False','Failed') NOT NULL DEFAULT 'False'"),
        (logging_info, "`StatusTimeOrder` DOUBLE(12, 3) NOT NULL"),
        (task_queues, "`CPUTime` BIGINT UNSIGNED NOT NULL"),
        (device_flows, "`CreationTime` DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP())"),
    ],
)
def test_columns_have_the_types_of_diracs_own_tables_on_mysql(table: Table, line: str) -> None:
    assert line in ddl(table, "mysql")


def test_text_ignores_case_on_sqlite_as_in_diracs_databases() -> None:
    assert """"Status" VARCHAR(32) COLLATE "NOCASE" DEFAULT 'Received' NOT NULL""" in ddl(jobs, "sqlite")


def test_flags_are_checked_on_sqlite() -> None:
    assert "CHECK (\"AccountedFlag\" IN ('True', 'False', 'Failed'))" in ddl(jobs, "sqlite")
    assert "CHECK" not in ddl(jobs, "mysql")


def test_index_names_are_unique_in_a_database_because_sqlite_wants_that() -> None:
    for metadata in SCHEMAS.values():
        names = [index.name for table in metadata.tables.values() for index in table.indexes]
        assert len(names) == len(set(names))

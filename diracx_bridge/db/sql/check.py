"""Do the live databases hold what we need? Every difference is a finding with what to do about it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Column, Table, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from diracx_bridge.core.errors import SettingsError, Unavailable
from diracx_bridge.db.sql.live_schema import LiveColumn, LiveTable, live_tables
from diracx_bridge.db.sql.rights import INSERT, NEEDED, missing_rights, problem_with_log_numbers
from diracx_bridge.db.sql.schemas import OURS, SCHEMAS
from diracx_bridge.db.sql.server import Databases, Server
from diracx_bridge.db.sql.type_fit import fit
from diracx_bridge.db.sql.urls import variable

Level = Literal["warning", "error"]
TOGETHER: Final = ("JobDB", "JobLoggingDB", "TaskQueueDB", "BridgeDB")
"""Databases that one transaction writes to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference: ``subject`` is a table, a column, or the server; errors keep the service from working."""

    level: Level
    database: str
    subject: str
    message: str

    @property
    def fatal(self) -> bool:
        """Whether the service can't work with it."""
        return self.level == "error"

    def __str__(self) -> str:
        return f"{self.database} {self.subject} {self.message}"


async def check(databases: Databases, names: Iterable[str] | None = None) -> list[Finding]:
    """What is not as it should be in the databases ``names`` (all that we know); nothing, if all is well."""
    chosen = list(SCHEMAS if names is None else names)
    findings: list[Finding] = []
    for name in chosen:
        if name in databases:
            findings += await _check_database(databases.server_of(name), name)
        else:
            level: Level = "warning" if names is None else "error"
            findings.append(Finding(level, name, variable(name), "is not set: routes that need it can't be served"))
    together = [name for name in TOGETHER if name in chosen and name in databases]
    try:
        if together:
            databases.server_of(*together)
    except SettingsError as error:
        findings.append(Finding("error", together[0], "server", f"is not that of the others: {error}"))
    return findings


async def _check_database(server: Server, name: str) -> list[Finding]:
    try:
        await server.ping()
        live = await server.read(lambda tx: live_tables(tx, name))
        on_server = await _check_server(server, name)
    except Unavailable as error:
        return [Finding("error", name, "server", f"does not answer: {error}")]
    except DBAPIError as error:
        # the driver's words: who was refused, or which database does not exist; never a password
        return [Finding("error", name, "server", f"can't be used: {error.orig}")]
    expected = list(SCHEMAS[name].tables.values())
    findings = on_server + [f for table in expected for f in _check_table(server, name, table, live.get(table.name))]
    if server.dialect == "sqlite":
        return findings
    present = {table.name: live[table.name].columns for table in expected if table.name in live}
    for table, rights in (await missing_rights(server, name, present)).items():
        findings.append(Finding("error", name, table, f"the user may not {rights}: grant it"))
    if name == "JobLoggingDB" and not any(finding.level == "error" for finding in findings):
        findings += await _check_trigger(server)
    return findings


async def _check_server(server: Server, name: str) -> list[Finding]:
    if server.dialect == "sqlite":
        rows = await server.read(lambda tx: tx.raw(text("PRAGMA database_list")))
        path = {row[1]: row[2] for row in rows}[server.databases[name]]
        return [] if os.access(path, os.W_OK) else [Finding("error", name, path, "is not writable for this user")]
    row = (await server.read(lambda tx: tx.raw(text("SELECT VERSION(), @@log_bin, @@binlog_format")))).one()
    version, findings = str(row[0]), []
    if not _unfolds_json(version):
        findings.append(
            Finding("error", name, "server", f"{version} lacks JSON_TABLE: use MariaDB >= 10.6 or MySQL >= 8.0.4")
        )
    if int(row[1]) and row[2] == "STATEMENT":
        findings.append(
            Finding(
                "error", name, "server", "binlog_format is STATEMENT, which READ COMMITTED refuses: set MIXED or ROW"
            )
        )
    return findings


def _unfolds_json(version: str) -> bool:
    numbers = tuple(map(int, re.findall(r"\d+", version)[:3]))
    return numbers >= ((10, 6) if "mariadb" in version.lower() else (8, 0, 4))


async def _check_trigger(server: Server) -> list[Finding]:
    problem = await problem_with_log_numbers(server)
    if problem is None:
        return []
    mend = "create the trigger again from DIRAC's WorkloadManagementSystem/DB/JobLoggingDB.sql"
    return [Finding("error", "JobLoggingDB", "LoggingInfo", f"{problem}; {mend}")]


def _check_table(server: Server, name: str, table: Table, live: LiveTable | None) -> Iterator[Finding]:
    level: Level = "error" if table.name in NEEDED else "warning"
    if live is None:
        how = (
            f"diracx-bridge db init {name}"
            if name in OURS or server.dialect == "sqlite"
            else f"dirac-install-db {name}"
        )
        yield Finding(level, name, table.name, f"is missing: create it with `{how}`")
        return
    if live.engine and live.engine.lower() != "innodb":
        yield Finding("error", name, table.name, f"has the engine {live.engine}, which has no transactions: use InnoDB")
    for column in table.columns:
        for how_bad, message in _check_column(server, table, column, live.columns.get(column.name)):
            yield Finding(how_bad if level == "error" else level, name, f"{table.name}.{column.name}", message)
    for message in _check_keys(table, live):
        yield Finding("warning", name, table.name, message)


def _check_column(
    server: Server, table: Table, column: Column[object], live: LiveColumn | None
) -> Iterator[tuple[Level, str]]:
    if live is None:
        yield "error", "is missing"
        return
    expected = _type_text(column, server.engine.dialect)
    how = fit(expected, live.type) if server.dialect == "mysql" else "fits"
    if how == "signed":
        yield "warning", f"is {live.type}, not {expected}: half of the numbers don't fit"
    elif how != "fits":
        yield "error", f"is {live.type}, not {expected}"
    if column.server_default is not None and not live.has_default and not live.nullable:
        yield "warning", "has no default: inserts of legacy DIRAC that leave it out fail"
    if column.nullable and not live.nullable and not live.has_default and INSERT in NEEDED.get(table.name, ()):
        yield "error", "accepts no NULL and has no default: our inserts fail"


def _type_text(column: Column[object], dialect: Dialect) -> str:
    return column.type.compile(dialect=dialect).lower()


def _check_keys(table: Table, live: LiveTable) -> Iterator[str]:
    key = tuple(str(column.name) for column in table.primary_key.columns)
    if key and key != live.primary_key:
        yield f"has the primary key ({', '.join(live.primary_key)}), not ({', '.join(key)})"
    for index in table.indexes:
        columns = tuple(str(column.name) for column in index.columns)
        if not any(found[: len(columns)] == columns for found in live.indexes):
            add = f"; ALTER TABLE {table.name} ADD INDEX ({', '.join(columns)})" if index.info else ""
            yield f"has no index on ({', '.join(columns)}): searches there read the whole table{add}"
    for parent in dict.fromkeys(live.cascades):
        yield f"loses its rows when a row of {parent} is deleted (CASCADE)"

"""Creating tables: of all databases of an embedded installation, of AuthDB and BridgeDB alone on a database server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, inspect

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.db.sql.auth.partitions import add_partitions
from diracx_bridge.db.sql.auth.schema import refresh_tokens
from diracx_bridge.db.sql.schemas import OURS, SCHEMAS
from diracx_bridge.db.sql.server import Databases


async def create_all(databases: Databases, names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Create the tables that are missing; returns the names of those that were created, by database.

    ``names`` are logical names of databases; without it, all configured databases that are ours to create: all those on
    SQLite, AuthDB and BridgeDB on MySQL and MariaDB. Tables that exist are left as they are.

    Raises:
        SettingsError: a database has no URL, or is one that DIRAC creates.
    """
    chosen = [name for name in SCHEMAS if name in databases and _is_ours(databases, name)]
    if names is not None:
        chosen = list(names)
        for name in chosen:
            _refuse_foreign(databases, name)
    return {name: await _create(databases, name) for name in chosen}


def _is_ours(databases: Databases, name: str) -> bool:
    return name in OURS or databases.server_of(name).dialect == "sqlite"


def _refuse_foreign(databases: Databases, name: str) -> None:
    if name not in SCHEMAS:
        raise SettingsError(f"{name} is no database that we know: use {', '.join(SCHEMAS)}")
    if not _is_ours(databases, name):
        raise SettingsError(
            f"{name} on a database server belongs to DIRAC: create it with `dirac-install-db {name}`, "
            "then run `diracx-bridge db check`"
        )


async def _create(databases: Databases, name: str) -> list[str]:
    async with databases.server_of(name).engine.begin() as connection:
        return await connection.run_sync(_create_missing, name)


def _create_missing(connection: Connection, name: str) -> list[str]:
    metadata = SCHEMAS[name]
    inspector = inspect(connection)
    missing = [
        table
        for table in metadata.sorted_tables
        if not inspector.has_table(table.name, schema=connection.schema_for_object(table))
    ]
    metadata.create_all(connection, tables=missing, checkfirst=False)
    if refresh_tokens in missing and connection.dialect.name in ("mysql", "mariadb"):
        add_partitions(connection, refresh_tokens, now=datetime.now(UTC).replace(tzinfo=None))
    return [table.name for table in missing]

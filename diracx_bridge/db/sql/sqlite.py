"""SQLite as a database server: several files on one connection, safe with concurrent writers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from diracx_bridge.db.sql.regexp import matches

BUSY_MILLISECONDS = 30_000


def sqlite_engine(files: Mapping[str, str], pool_size: int) -> tuple[AsyncEngine, dict[str, str]]:
    """An engine whose connections see all ``files`` (logical name -> path), and the schema name of each database.

    Databases may share a file. Writers queue up at the start of their transaction (``BEGIN IMMEDIATE``), readers never
    wait (WAL). A transaction over several files is atomic but for a loss of power, so new installations use one file.
    """
    paths = list(dict.fromkeys(files.values()))
    schemas = {path: "main" if i == 0 else f"file{i}" for i, path in enumerate(paths)}
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=paths[0]),
        pool_size=pool_size,
        pool_timeout=10,
        hide_parameters=True,
        pool_reset_on_return=None,
        connect_args={"isolation_level": None},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        for path, schema in schemas.items():
            if schema != "main":
                cursor.execute(f"ATTACH DATABASE ? AS {schema}", (path,))
            cursor.execute(f"PRAGMA {schema}.journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
        connection.create_function("matches", 3, matches, deterministic=True)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine, {name: schemas[path] for name, path in files.items()}

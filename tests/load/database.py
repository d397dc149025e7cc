"""Plain access to the databases of a server under test: to fill them, to count statements, to run the raw limits."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import asyncmy
import orjson
import uvloop

from tests.load.processes import cpu_seconds
from tests.servers.sql_server import SqlServer


class Database(ABC):
    """The databases of one installation; ``names`` maps "JobDB" to what stands before the dot in its SQL.

    Statements may name a database as ``{JobDB}``.
    """

    dialect: Literal["mysql", "sqlite"]
    names: Mapping[str, str]

    @abstractmethod
    def run(self, statements: Sequence[str]) -> list[tuple[Any, ...]]:
        """Run statements in one transaction; the rows of the last one that has rows, also made into JSON."""

    def script(self, *statements: str) -> list[tuple[Any, ...]]:
        """As `run`, with the names of the databases put in."""
        return self.run([statement.format_map(self.names) for statement in statements])

    def timed(self, statements: Sequence[str]) -> float:
        """The seconds that `run` takes."""
        texts = [statement.format_map(self.names) for statement in statements]
        began = time.perf_counter()
        self.run(texts)
        return time.perf_counter() - began

    def questions(self) -> int:
        """How many statements the database server got so far, this question included; 0 if it doesn't count."""
        return 0

    def cpu_seconds(self) -> float:
        """CPU time of the database server; 0 if it has no process of its own."""
        return 0.0


class MariaDB(Database):
    """By asyncmy, the fastest driver among the project's dependencies."""

    dialect = "mysql"

    def __init__(self, server: SqlServer, names: Mapping[str, str]) -> None:
        self.names = {logical: f"`{name}`" for logical, name in names.items()}
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._connection: Any = self._runner.run(
            _connect(host=server.host, port=server.port, user="root", db=names["JobDB"], charset="utf8mb4")
        )
        pid_file = self.run(["SELECT @@pid_file"])[0][0]
        self._pid = int(Path(pid_file).read_text())

    def run(self, statements: Sequence[str]) -> list[tuple[Any, ...]]:
        return self._runner.run(self._run(statements))

    async def _run(self, statements: Sequence[str]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        async with self._connection.cursor() as cursor:
            for statement in statements:
                await cursor.execute(statement)
                if cursor.description:
                    rows = await cursor.fetchall()
                    _as_json(cursor.description, rows)
        await self._connection.commit()
        return rows

    def questions(self) -> int:
        return int(self.run(["SHOW GLOBAL STATUS LIKE 'Questions'"])[0][1]) + 1  # and the commit that follows

    def cpu_seconds(self) -> float:
        return cpu_seconds(self._pid)


class SQLite(Database):
    """By the standard library; ``files`` maps "JobDB" to its path, databases may share a file."""

    dialect = "sqlite"

    def __init__(self, files: Mapping[str, Path]) -> None:
        schemas = {path: f"file{i}" for i, path in enumerate(dict.fromkeys(files.values()))}
        self.names = {logical: schemas[path] for logical, path in files.items()}
        self._connection = sqlite3.connect(":memory:", timeout=60, isolation_level=None)
        for path, schema in schemas.items():
            self._connection.execute(f"ATTACH DATABASE ? AS {schema}", (str(path),))

    def run(self, statements: Sequence[str]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        reads = all(statement.startswith(("SELECT", "WITH")) for statement in statements)
        self._connection.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
        for statement in statements:
            cursor = self._connection.execute(statement)
            if cursor.description:
                rows = cursor.fetchall()
                _as_json(cursor.description, rows)
        self._connection.execute("COMMIT")
        return rows


async def _connect(**arguments: Any) -> Any:
    return await asyncmy.connect(**arguments)


def _as_json(description: Sequence[Sequence[Any]], rows: Sequence[tuple[Any, ...]]) -> bytes:
    columns = [column[0] for column in description]
    return orjson.dumps([dict(zip(columns, row, strict=True)) for row in rows], default=str)

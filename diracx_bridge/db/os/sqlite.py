"""Job parameters in a SQLite file, for installations without OpenSearch; nothing but the store differs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from diracx_bridge.core.errors import InvalidQuery, Unavailable
from diracx_bridge.core.models.search import SearchParams
from diracx_bridge.db.os.conditions import conditions, sort_keys
from diracx_bridge.db.os.job_parameters import Document, Documents, chosen, fit_documents
from diracx_bridge.db.os.mapping import merged
from diracx_bridge.db.os.sqlite_query import Clause, clause, matches, order
from diracx_bridge.db.pages import PageOf

BUSY_SECONDS: Final = 30.0
FARTHEST: Final = 2**62
_CREATE: Final = (
    "CREATE TABLE IF NOT EXISTS JobParameters "
    "(VO TEXT NOT NULL, JobID INTEGER NOT NULL, Document TEXT NOT NULL, PRIMARY KEY (VO, JobID)) WITHOUT ROWID"
)
_READ: Final = "SELECT JobID, Document FROM JobParameters WHERE VO = ? AND JobID IN (SELECT value FROM json_each(?))"
_WRITE: Final = "INSERT INTO JobParameters VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET Document = excluded.Document"


class SQLiteJobParameters:
    """The embedded store, in a file of its own: it is written while a transaction on BridgeDB is open."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._turn = asyncio.Lock()

    async def write(self, documents: Mapping[str, Documents]) -> dict[int, str]:
        """See `JobParametersDB.write`."""
        fit, failures = await fit_documents(documents)
        accepted: dict[str, dict[int, bytes]] = {}
        for vo, job_id, document in fit:
            accepted.setdefault(vo.lower(), {})[job_id] = document
        async with self._turn:
            await asyncio.to_thread(self._merge, accepted)
        return failures

    async def read(self, vo: str, job_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """See `JobParametersDB.read`."""
        async with self._turn:
            return await asyncio.to_thread(self._read, vo.lower(), list(job_ids))

    async def search(
        self, vo: str | None, params: SearchParams, *, page: int, per_page: int, among: Sequence[int] | None = None
    ) -> PageOf[Document]:
        """See `JobParametersDB.search`."""
        keys, wanted = sort_keys(params), [clause(condition) for condition in conditions(params.search)]
        if vo is not None:
            wanted.append(("VO = ?", [vo.lower()]))
        if among is not None:
            wanted.append(("JobID IN (SELECT value FROM json_each(?))", [orjson.dumps(among).decode()]))
        first = (page - 1) * per_page
        async with self._turn:
            rows, total = await asyncio.to_thread(self._search, wanted, order(keys), first, per_page)
        return PageOf([chosen(orjson.loads(row), params.parameters) for row in rows], first, total)

    async def ping(self) -> None:
        """See `JobParametersDB.ping`."""
        async with self._turn:
            await asyncio.to_thread(self._read, "", [])

    async def close(self) -> None:
        """See `JobParametersDB.close`."""
        async with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _merge(self, documents: Mapping[str, Mapping[int, bytes]]) -> None:
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for vo, jobs in documents.items():
                stored = _found(connection, vo, list(jobs))
                rows = (
                    (vo, job_id, orjson.dumps(merged(stored.get(job_id, {}), orjson.loads(document))).decode())
                    for job_id, document in jobs.items()
                )
                connection.executemany(_WRITE, rows)
            connection.execute("COMMIT")

    def _read(self, vo: str, job_ids: list[int]) -> dict[int, dict[str, Any]]:
        with self._opened() as connection:
            return _found(connection, vo, job_ids)

    def _search(self, wanted: list[Clause], order: str, first: int, most: int) -> tuple[list[str], int]:
        where = f"FROM JobParameters WHERE {' AND '.join(sql for sql, _ in wanted) or 'true'}"
        values = [value for _, given in wanted for value in given]
        page = (most, min(first, FARTHEST))
        with self._opened() as connection:
            try:
                rows = connection.execute(
                    f"SELECT Document {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, *page)
                )
                found = [row[0] for row in rows]
                (total,) = connection.execute(f"SELECT COUNT(*) {where}", values).fetchone()
            except sqlite3.OperationalError as error:
                if "user-defined function" not in str(error):
                    raise
                raise InvalidQuery("regex: the expression takes too long to evaluate") from None
        return found, total

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self._connection = self._connected()
            yield self._connection
        except (sqlite3.Error, OSError) as error:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.rollback()
            raise Unavailable(f"The job parameters in {self._file} can't be used now: {error}") from error

    def _connected(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.create_function("matches", 3, matches, deterministic=True)
            connection.execute(_CREATE)
        except BaseException:
            connection.close()
            raise
        return connection


def _found(connection: sqlite3.Connection, vo: str, job_ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = connection.execute(_READ, (vo, orjson.dumps(job_ids).decode()))
    return {job_id: orjson.loads(document) for job_id, document in rows}

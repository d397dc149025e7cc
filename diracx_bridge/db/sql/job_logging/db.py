"""JobLoggingDB: what happened to a job, in order."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, Final

from diracx_bridge.core.job_status import LogRecord, log_order
from diracx_bridge.core.settling import Written
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.statement import IDS, RowSet, Statement, id_rows
from diracx_bridge.db.sql.times import to_database
from diracx_bridge.db.sql.transaction import Transaction

COLUMNS: Final = "JobID, SeqNum, Status, MinorStatus, ApplicationStatus, StatusTime, StatusTimeOrder, StatusSource"
VALUES: Final = (
    "{records.Status}, {records.MinorStatus}, {records.ApplicationStatus}, {records.StatusTime}, "
    "{records.StatusTimeOrder}, {records.StatusSource} FROM {records}"
)
APPEND: Final = Statement(
    # DIRAC's trigger replaces the sequence number by the next one of the job
    f"INSERT INTO {{JobLoggingDB}}.LoggingInfo ({COLUMNS}) SELECT records.JobID, 0, " + VALUES,
    sqlite=f"INSERT INTO {{JobLoggingDB}}.LoggingInfo ({COLUMNS}) SELECT records.JobID, "
    "(SELECT COALESCE(MAX(l.SeqNum), 0) FROM {JobLoggingDB}.LoggingInfo l WHERE l.JobID = records.JobID) "
    "+ ROW_NUMBER() OVER (PARTITION BY records.JobID ORDER BY {records.StatusTimeOrder}), " + VALUES,
    one=f"INSERT INTO {{JobLoggingDB}}.LoggingInfo ({COLUMNS}) VALUES (:JobID, 0, :Status, :MinorStatus, "
    ":ApplicationStatus, :StatusTime, :StatusTimeOrder, :StatusSource)",
    records=RowSet(
        JobID="BIGINT UNSIGNED",
        Status="VARCHAR(64)",
        MinorStatus="VARCHAR(255)",
        ApplicationStatus="VARCHAR(511)",
        StatusTime="DATETIME",
        StatusTimeOrder="DOUBLE",
        StatusSource="VARCHAR(64)",
    ),
)
NEWEST: Final = Statement(
    "SELECT l.JobID, MAX(l.StatusTimeOrder) FROM {ids} STRAIGHT_JOIN {JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id "
    "GROUP BY l.JobID",
    sqlite="SELECT l.JobID, MAX(l.StatusTimeOrder) FROM {ids} JOIN {JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id "
    "GROUP BY l.JobID",
    one="SELECT l.JobID, MAX(l.StatusTimeOrder) FROM {JobLoggingDB}.LoggingInfo l WHERE l.JobID = :id GROUP BY l.JobID",
    ids=IDS,
)


_RECORDS: Final = (
    "SELECT l.JobID, l.Status, l.MinorStatus, l.ApplicationStatus, l.StatusTime, l.StatusSource FROM {ids} "
)
RECORDS: Final = Statement(
    _RECORDS + "STRAIGHT_JOIN {JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id "
    "ORDER BY l.JobID, l.StatusTimeOrder, l.SeqNum",
    sqlite=_RECORDS + "JOIN {JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id "
    "ORDER BY l.JobID, l.StatusTimeOrder, l.SeqNum",
    ids=IDS,
)
REMOVE: Final = Statement(
    "DELETE l FROM {ids} STRAIGHT_JOIN {JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id",
    sqlite="DELETE FROM {JobLoggingDB}.LoggingInfo WHERE JobID IN (SELECT id FROM {ids})",
    ids=IDS,
)
_LAST: Final = (
    "SELECT l.JobID, l.StatusTimeOrder, l.StatusSource, "
    "(SELECT MAX(m.StatusTimeOrder) FROM {JobLoggingDB}.LoggingInfo m WHERE m.JobID = l.JobID) FROM {ids} "
)
_IS_LAST: Final = (
    "{JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id "
    "WHERE l.SeqNum = (SELECT MAX(m.SeqNum) FROM {JobLoggingDB}.LoggingInfo m WHERE m.JobID = l.JobID)"
)
LAST: Final = Statement(_LAST + "STRAIGHT_JOIN " + _IS_LAST, sqlite=_LAST + "JOIN " + _IS_LAST, ids=IDS)
_WRITTEN: Final = (
    "SELECT l.JobID, l.SeqNum, l.StatusTimeOrder, l.StatusSource, l.Status, l.MinorStatus, l.ApplicationStatus "
    "FROM {ids} "
)
WRITTEN: Final = Statement(
    _WRITTEN + "STRAIGHT_JOIN {JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id ORDER BY l.JobID, l.SeqNum",
    sqlite=_WRITTEN + "JOIN {JobLoggingDB}.LoggingInfo l ON l.JobID = ids.id ORDER BY l.JobID, l.SeqNum",
    ids=IDS,
)
MOST_RECENT: Final = 100_000


class JobLoggingDB:
    """What is done with LoggingInfo."""

    def __init__(self) -> None:
        self._recent: dict[int, tuple[float, str]] = {}

    def take_recent(self) -> dict[int, tuple[float, str]]:
        """By job: time and source of the last record that was added on a server since this was called before."""
        taken, self._recent = self._recent, {}
        return taken

    async def is_continued(self, tx: Transaction, recent: Mapping[int, tuple[float, str]]) -> list[int]:
        """Those of the jobs whose log has a later record than the ``recent`` one, by writing or by time."""
        rows = await tx.execute(LAST, ids=id_rows(recent))
        return [job for job, order, source, newest in rows if (float(order), source) != recent[job] or newest > order]

    async def written(self, tx: Transaction, job_ids: Iterable[int]) -> dict[int, list[Written]]:
        """The records of these jobs, in the order of writing."""
        found: dict[int, list[Written]] = {}
        for job, number, order, source, *values in await tx.execute(WRITTEN, ids=id_rows(job_ids)):
            status, minor_status, application_status = values
            found.setdefault(job, []).append(
                Written(number, float(order), source, (status, minor_status, application_status))
            )
        return found

    async def records(self, tx: Transaction, job_ids: Iterable[int]) -> Sequence[tuple[Any, ...]]:
        """(job id, status, minor status, application status, time, source) of these jobs, oldest first of each."""
        return await tx.execute(RECORDS, ids=id_rows(job_ids))

    async def remove(self, tx: Transaction, job_ids: Iterable[int]) -> None:
        """Remove the logs of these jobs."""
        await tx.execute(REMOVE, ids=id_rows(job_ids))

    def newest(self, tx: Transaction, job_ids: Iterable[int]) -> Awaitable[dict[int, float]]:
        """The greatest ``StatusTimeOrder`` of each job that has a log.

        Lock the jobs first, by another statement: one that waits for a lock has begun before the change that it waits
        for, and would read the log as it was then.
        """
        return tx.enqueue(NEWEST, ids=id_rows(job_ids)).then(lambda rows: {row[0]: row[1] for row in rows})

    async def append(self, tx: Transaction, records: Mapping[int, Sequence[LogRecord]]) -> None:
        """Add records to the logs of jobs, in the order given."""
        rows = [
            (
                job,
                r.status,
                r.minor_status,
                r.application_status,
                to_database(r.time, tx.dialect),
                log_order(r.time),
                r.source,
            )
            async for job in in_turns(sorted(records))
            for r in records[job]
        ]
        if rows:
            tx.enqueue(APPEND, records=rows)
            if tx.dialect != "sqlite" and len(self._recent) < MOST_RECENT:  # no legacy service writes to SQLite
                self._recent.update((row[0], (row[5], row[6])) for row in rows)

"""The rows of jobs that calls of DIRAC's JobStateUpdate change, as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from diracx_bridge.db.sql.statement import IDS, Statement, id_rows
from diracx_bridge.db.sql.times import from_database, to_database
from diracx_bridge.db.sql.transaction import Transaction

JOBS: Final = (
    "Status", "MinorStatus", "ApplicationStatus", "Site", "StartExecTime", "EndExecTime", "HeartBeatTime",
    "LastUpdateTime",
)  # fmt: skip
LOG: Final = ("SeqNum", "Status", "MinorStatus", "ApplicationStatus", "StatusTime", "StatusTimeOrder", "StatusSource")
COMMANDS: Final = ("Command", "Arguments", "Status", "ReceptionTime")
BEATS: Final = ("Name", "Value", "HeartBeatTime")
RECENT: Final = timedelta(minutes=10)
"""Heartbeats that are looked at: a long job has hundreds of others."""


def _of_jobs(database: str, table: str, columns: tuple[str, ...], order: str, where: str = "") -> Statement:
    picked = f"SELECT t.JobID, {', '.join(f't.{c}' for c in columns)} FROM {{ids}} "
    rest = f"JOIN {{{database}}}.{table} t ON t.JobID = ids.id {where} ORDER BY t.JobID, {order}"
    return Statement(f"{picked} STRAIGHT_{rest}", sqlite=picked + rest, ids=IDS)


STATEMENTS: Final = {
    "Jobs": (JOBS, _of_jobs("JobDB", "Jobs", JOBS, "t.JobID")),
    "LoggingInfo": (LOG, _of_jobs("JobLoggingDB", "LoggingInfo", LOG, "t.SeqNum")),
    "JobCommands": (COMMANDS, _of_jobs("JobDB", "JobCommands", COMMANDS, "t.ReceptionTime, t.Arguments")),
    "HeartBeatLoggingInfo": (
        BEATS,
        _of_jobs("JobDB", "HeartBeatLoggingInfo", BEATS, "t.HeartBeatTime, t.Name", "WHERE t.HeartBeatTime >= :since"),
    ),
}
Snapshot = dict[int, dict[str, list[dict[str, Any]]]]
"""Job -> table -> rows; times are texts ``YYYY-MM-DD HH:MM:SS``, in UTC."""


async def snapshot(tx: Transaction, job_ids: Iterable[int], now: datetime) -> Snapshot:
    """The rows of these jobs, in four statements; jobs that do not exist are absent."""
    ids = id_rows(job_ids)
    found: Snapshot = {}
    for table, (columns, statement) in STATEMENTS.items():
        more = {"since": to_database(now - RECENT, tx.dialect)} if table == "HeartBeatLoggingInfo" else {}
        for job, *values in await tx.execute(statement, ids=ids, **more):
            row = {name: _plain(name, value) for name, value in zip(columns, values, strict=True)}
            if table == "Jobs":
                found[job] = {name: [] for name in STATEMENTS}
            if job in found:
                found[job][table].append(row)
    return found


def _plain(name: str, value: Any) -> Any:
    if name.endswith("Time"):
        time = from_database(value)
        return None if time is None else time.strftime("%Y-%m-%d %H:%M:%S")
    return float(value) if name == "StatusTimeOrder" else value

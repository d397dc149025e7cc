"""The SQL limit: for each scenario the fewest statements that do its work, as text without parameters.

The functions take job ids and a number that makes the values of each repetition new: MariaDB doesn't write a row
that stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

Dialect = Literal["mysql", "sqlite"]
HEARTBEAT_NAMES = ("LoadAverage", "MemoryUsed", "Vsize", "AvailableDiskSpace", "CPUConsumed", "WallClockTime")


def status(dialect: Dialect, ids: Sequence[int], turn: int, updates: int = 1) -> list[str]:
    """Read the jobs and the ends of their logs, change the rows, add to the logs."""
    now = _time(turn)
    lock = " FOR UPDATE" if dialect == "mysql" else ""
    newest = "(SELECT MAX(l.StatusTimeOrder) FROM {JobLoggingDB}.LoggingInfo l WHERE l.JobID=j.JobID)"
    changes = [(i, "Running", f"minor {turn}", "app", now, now) for i in ids]
    records = ((i, "Running", f"minor {turn}", "app", now, 525e6 + turn, "bench") for i in ids for _ in range(updates))
    return [
        f"SELECT JobID,Status,StartExecTime,EndExecTime,VO,Owner,{newest} "
        f"FROM {{JobDB}}.Jobs j WHERE JobID IN ({_list(ids)}){lock}",
        _update(dialect, ("Status", "MinorStatus", "ApplicationStatus", "LastUpdateTime", "HeartBeatTime"), changes),
        _log(dialect, records),
    ]


def site(dialect: Dialect, ids: Sequence[int], turn: int) -> list[str]:
    """Read the owners, set the sites."""
    return [_owners(ids), _update(dialect, ("Site",), [(i, f"LCG.Other{turn}") for i in ids])]


def heartbeat(dialect: Dialect, ids: Sequence[int], turn: int) -> list[str]:
    """Read the owners, note the time, add six values for each job, read the commands that wait."""
    now = _time(turn)
    rows = [(i, name, f"{turn}.5", now) for i in ids for name in HEARTBEAT_NAMES]
    ending = "ON DUPLICATE KEY UPDATE Value=VALUES(Value)"
    if dialect == "sqlite":
        ending = "ON CONFLICT DO UPDATE SET Value=excluded.Value"
    return [
        _owners(ids),
        f"UPDATE {{JobDB}}.Jobs SET HeartBeatTime='{now}' WHERE JobID IN ({_list(ids)})",
        f"INSERT INTO {{JobDB}}.HeartBeatLoggingInfo (JobID,Name,Value,HeartBeatTime) VALUES {_values(rows)} {ending}",
        "SELECT JobID,Command,Arguments FROM {JobDB}.JobCommands "
        f"WHERE JobID IN ({_list(ids)}) AND Status='Received'",
    ]


def submit(dialect: Dialect, count: int, turn: int) -> list[str]:
    """Insert the descriptions, take the ids that they got, insert the jobs and the first records of their logs."""
    now, jdl = _time(turn), "x" * 600
    first = "LAST_INSERT_ID()" if dialect == "mysql" else f"(SELECT MAX(JobID)-{count - 1} FROM {{JobDB}}.JobJDLs)"
    numbers = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(count))
    return [
        f"INSERT INTO {{JobDB}}.JobJDLs (JDL,JobRequirements,OriginalJDL) VALUES {_values([(jdl, '', jdl)] * count)}",
        "INSERT INTO {JobDB}.Jobs (JobID,JobType,JobGroup,JobName,Owner,OwnerGroup,VO,SubmissionTime,LastUpdateTime,"
        f"Status,MinorStatus,UserPriority,VerifiedFlag) SELECT {first}+n,'User','g','bench','limit','g','bench',"
        f"'{now}','{now}','Received','Job accepted',1,'True' FROM ({numbers}) s",
        "INSERT INTO {JobLoggingDB}.LoggingInfo (JobID,SeqNum,Status,MinorStatus,ApplicationStatus,StatusTime,"
        f"StatusTimeOrder,StatusSource) SELECT {first}+n,1,'Received','Job accepted','idem','{now}',525000000,"
        f"'JobManager' FROM ({numbers}) s",
    ]


def _owners(ids: Sequence[int]) -> str:
    return f"SELECT JobID,Status,Owner,VO FROM {{JobDB}}.Jobs WHERE JobID IN ({_list(ids)})"


def _update(dialect: Dialect, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> str:
    if dialect == "sqlite":
        sets = ",".join(f"{name}=v.column{i}" for i, name in enumerate(columns, 2))
        return f"UPDATE {{JobDB}}.Jobs AS j SET {sets} FROM (VALUES {_values(rows)}) v WHERE j.JobID=v.column1"
    sets = ",".join(f"j.{name}=v.{name}" for name in columns)
    named = f"(WITH v(JobID,{','.join(columns)}) AS (VALUES {_values(rows)}) SELECT * FROM v)"
    return f"UPDATE {{JobDB}}.Jobs j JOIN {named} v ON j.JobID=v.JobID SET {sets}"


def _log(dialect: Dialect, rows: Iterable[tuple[object, ...]]) -> str:
    columns = "JobID,SeqNum,Status,MinorStatus,ApplicationStatus,StatusTime,StatusTimeOrder,StatusSource"
    into = f"INSERT INTO {{JobLoggingDB}}.LoggingInfo ({columns}) "
    if dialect == "mysql":  # a trigger numbers the records
        return into + f"VALUES {_values((row[0], 0, *row[1:]) for row in rows)}"
    last = "(SELECT COALESCE(MAX(l.SeqNum),0) FROM {JobLoggingDB}.LoggingInfo l WHERE l.JobID=v.column1)"
    others = ",".join(f"v.column{i}" for i in range(2, 8))
    return (
        into + f"SELECT v.column1,{last}+ROW_NUMBER() OVER (PARTITION BY v.column1),{others} "
        f"FROM (VALUES {_values(rows)}) v"
    )


def _list(ids: Iterable[int]) -> str:
    return ",".join(map(str, ids))


def _values(rows: Iterable[tuple[object, ...]]) -> str:
    return ",".join(f"({','.join(map(repr, row))})" for row in rows)


def _time(turn: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=turn)).strftime("%Y-%m-%d %H:%M:%S")

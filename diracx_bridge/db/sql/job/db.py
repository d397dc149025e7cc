"""JobDB: the rows of jobs, their heartbeats and the commands that wait for them."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from diracx_bridge.core.job_status import JobState
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.job.job_reads import JobReads
from diracx_bridge.db.sql.job.new_jobs import NewJobs
from diracx_bridge.db.sql.job.removed_jobs import RemovedJobs
from diracx_bridge.db.sql.job.rescheduled_jobs import RescheduledJobs
from diracx_bridge.db.sql.statement import IDS, WANTED, RowSet, Statement, id_rows
from diracx_bridge.db.sql.times import from_database, to_database
from diracx_bridge.db.sql.transaction import Rows, Transaction

COLUMNS: Final = (
    "j.JobID, j.Owner, j.OwnerGroup, j.VO, j.Status, j.StartExecTime, j.EndExecTime, j.MinorStatus, "
    "j.ApplicationStatus, j.Site, j.HeartBeatTime, j.UserPriority, j.RescheduleCounter, j.VerifiedFlag"
)
LOCK: Final = Statement(
    f"SELECT {COLUMNS} FROM {WANTED} STRAIGHT_JOIN {{JobDB}}.Jobs j ON j.JobID = wanted.id "
    "ORDER BY wanted.id FOR UPDATE",
    sqlite=f"SELECT {COLUMNS} FROM {{ids}} JOIN {{JobDB}}.Jobs j ON j.JobID = ids.id ORDER BY ids.id",
    one=f"SELECT {COLUMNS} FROM {{JobDB}}.Jobs j WHERE j.JobID = :id FOR UPDATE",
    ids=IDS,
)
CHANGED: Final = {
    "Status": "VARCHAR(64)",
    "MinorStatus": "VARCHAR(255)",
    "ApplicationStatus": "VARCHAR(511)",
    "LastUpdateTime": "DATETIME",
    "HeartBeatTime": "DATETIME",
    "StartExecTime": "DATETIME",
    "EndExecTime": "DATETIME",
    "Site": "VARCHAR(255)",
}
ADD_COMMANDS: Final = Statement(
    "INSERT INTO {JobDB}.JobCommands (JobID, Command, Arguments, Status, ReceptionTime) "
    "SELECT ids.id, :command, '', 'Received', :now FROM {ids} ON DUPLICATE KEY UPDATE Status = 'Received'",
    sqlite="INSERT INTO {JobDB}.JobCommands (JobID, Command, Arguments, Status, ReceptionTime) "
    "SELECT ids.id, :command, '', 'Received', :now FROM {ids} WHERE true ON CONFLICT DO UPDATE SET Status = 'Received'",
    ids=IDS,
)
PENDING: Final = Statement(
    f"SELECT c.JobID, c.Command, c.Arguments, c.ReceptionTime FROM {WANTED} "
    "STRAIGHT_JOIN {JobDB}.JobCommands c ON c.JobID = wanted.id WHERE c.Status = 'Received' "
    "ORDER BY c.JobID, c.ReceptionTime FOR UPDATE",
    sqlite="SELECT c.JobID, c.Command, c.Arguments, c.ReceptionTime FROM {ids} "
    "JOIN {JobDB}.JobCommands c ON c.JobID = ids.id WHERE c.Status = 'Received' ORDER BY c.JobID, c.ReceptionTime",
    one="SELECT c.JobID, c.Command, c.Arguments, c.ReceptionTime FROM {JobDB}.JobCommands c "
    "WHERE c.JobID = :id AND c.Status = 'Received' ORDER BY c.ReceptionTime FOR UPDATE",
    ids=IDS,
)
SENT: Final = Statement(
    "UPDATE {commands} STRAIGHT_JOIN {JobDB}.JobCommands c ON c.JobID = commands.JobID "
    "AND c.Arguments = commands.Arguments AND c.ReceptionTime = commands.ReceptionTime SET c.Status = 'Sent'",
    sqlite="UPDATE {JobDB}.JobCommands AS c SET Status = 'Sent' FROM {commands} WHERE c.JobID = commands.JobID "
    "AND c.Arguments = commands.Arguments AND c.ReceptionTime = commands.ReceptionTime",
    commands=RowSet(JobID="BIGINT UNSIGNED", Arguments="VARCHAR(100)", ReceptionTime="DATETIME"),
)
ADD_HEARTBEATS: Final = Statement(
    "INSERT INTO {JobDB}.HeartBeatLoggingInfo (JobID, Name, Value, HeartBeatTime) "
    "SELECT data.JobID, {data.Name}, {data.Content}, :now FROM {data} ON DUPLICATE KEY UPDATE Value = {data.Content}",
    sqlite="INSERT INTO {JobDB}.HeartBeatLoggingInfo (JobID, Name, Value, HeartBeatTime) "
    "SELECT data.JobID, {data.Name}, {data.Content}, :now FROM {data} WHERE true "
    "ON CONFLICT DO UPDATE SET Value = excluded.Value",
    data=RowSet(JobID="BIGINT UNSIGNED", Name="VARCHAR(100)", Content="TEXT"),
)


class LockedJob(NamedTuple):
    """A job whose row stays locked until the transaction ends; its members are those of ``COLUMNS``."""

    id: int
    owner: str
    owner_group: str
    vo: str
    status: str
    started: Any
    ended: Any
    minor_status: str | None
    application_status: str | None
    site: str | None
    beaten: Any
    priority: int
    reschedule_counter: int
    verified_flag: str

    @property
    def start_exec_time(self) -> datetime | None:
        """When it began to run."""
        return from_database(self.started)

    @property
    def end_exec_time(self) -> datetime | None:
        """When it ended."""
        return from_database(self.ended)

    @property
    def heart_beat_time(self) -> datetime | None:
        """When it was last heard of."""
        return from_database(self.beaten)

    @property
    def verified(self) -> bool:
        """Whether its description was found to be good."""
        return self.verified_flag == "True"

    def state(self, last_logged: float | None) -> JobState:
        """What the rules of status changes look at; ``last_logged`` is from JobLoggingDB."""
        return JobState(self.status, self.start_exec_time, self.end_exec_time, last_logged)


class JobDB(NewJobs, JobReads, RemovedJobs, RescheduledJobs):
    """What is done with the tables of JobDB; every method costs a fixed number of statements."""

    def lock(self, tx: Transaction, job_ids: Iterable[int]) -> Awaitable[dict[int, LockedJob]]:
        """The jobs that exist, by id, in id order."""
        return tx.enqueue(LOCK, ids=id_rows(job_ids)).then(_locked)

    async def apply(self, tx: Transaction, changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Set columns of jobs (names of ``CHANGED``); what is absent or None stays as it is."""
        named = {name async for row in in_turns(changes.values()) for name, value in row.items() if value is not None}
        names = tuple(name for name in CHANGED if name in named)
        if names:
            rows = [
                (job, *[_literal(value, tx.dialect) for value in map(changes[job].get, names)])
                async for job in in_turns(sorted(changes))
            ]
            tx.enqueue(_apply(names), changes=rows)

    async def add_kill_commands(self, tx: Transaction, job_ids: Iterable[int], now: datetime) -> None:
        """Tell these jobs to stop, at their next heartbeat; a second one within the same second is the same command."""
        tx.enqueue(ADD_COMMANDS, ids=id_rows(job_ids), command="Kill", now=to_database(now, tx.dialect))

    def take_commands(self, tx: Transaction, job_ids: Iterable[int]) -> Awaitable[list[tuple[int, str, str]]]:
        """(job id, command, arguments) of the commands that wait for these jobs, oldest first; they are sent now."""

        def taken(found: Rows) -> list[tuple[int, str, str]]:
            if found:
                tx.enqueue(SENT, commands=[(r[0], r[2], _literal(r[3], tx.dialect)) for r in found])
            return [(r[0], r[1], r[2]) for r in found]

        return tx.enqueue(PENDING, ids=id_rows(job_ids)).then(taken)

    async def add_heartbeats(self, tx: Transaction, data: Sequence[tuple[int, str, str]], now: datetime) -> None:
        """Record (job id, name, value); a second value within the same second replaces the first."""
        if data:
            tx.enqueue(ADD_HEARTBEATS, data=data, now=to_database(now, tx.dialect))


@cache
def _apply(names: tuple[str, ...]) -> Statement:
    """Sets these columns: those alone, because SQLite writes the indexes of each column that is set."""
    return Statement(
        "UPDATE {changes} STRAIGHT_JOIN {JobDB}.Jobs j ON j.JobID = changes.JobID SET "
        + ", ".join(f"j.{c} = COALESCE({{changes.{c}}}, j.{c})" for c in names),
        sqlite="UPDATE {JobDB}.Jobs AS j SET "
        + ", ".join(f"{c} = COALESCE({{changes.{c}}}, j.{c})" for c in names)
        + " FROM {changes} WHERE j.JobID = changes.JobID",
        one="UPDATE {JobDB}.Jobs SET "
        + ", ".join(f"{c} = COALESCE(:{c}, {c})" for c in names)
        + " WHERE JobID = :JobID",
        changes=RowSet(JobID="BIGINT UNSIGNED", **{c: CHANGED[c] for c in names}),
    )


def _locked(rows: Rows) -> dict[int, LockedJob]:
    return {row[0]: LockedJob._make(row) for row in rows}


def _literal(value: Any, dialect: str) -> Any:
    if isinstance(value, datetime):
        return to_database(value, dialect) if value.tzinfo else value.isoformat(" ")
    return value

"""JobDB: the rows of jobs, their heartbeats and the commands that wait for them."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from diracx_bridge.core.job_status import JobState
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
APPLY: Final = Statement(
    "UPDATE {changes} STRAIGHT_JOIN {JobDB}.Jobs j ON j.JobID = changes.JobID SET "
    + ", ".join(f"j.{c} = COALESCE(changes.{c}, j.{c})" for c in CHANGED),
    sqlite="UPDATE {JobDB}.Jobs AS j SET "
    + ", ".join(f"{c} = COALESCE(changes.{c}, j.{c})" for c in CHANGED)
    + " FROM {changes} WHERE j.JobID = changes.JobID",
    one="UPDATE {JobDB}.Jobs SET " + ", ".join(f"{c} = COALESCE(:{c}, {c})" for c in CHANGED) + " WHERE JobID = :JobID",
    changes=RowSet(JobID="BIGINT UNSIGNED", **CHANGED),
)
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
    "SELECT data.JobID, data.Name, data.Content, :now FROM {data} ON DUPLICATE KEY UPDATE Value = data.Content",
    sqlite="INSERT INTO {JobDB}.HeartBeatLoggingInfo (JobID, Name, Value, HeartBeatTime) "
    "SELECT data.JobID, data.Name, data.Content, :now FROM {data} WHERE true "
    "ON CONFLICT DO UPDATE SET Value = excluded.Value",
    data=RowSet(JobID="BIGINT UNSIGNED", Name="VARCHAR(100)", Content="TEXT"),
)


@dataclass(frozen=True, slots=True)
class LockedJob:
    """A job whose row stays locked until the transaction ends."""

    owner: str
    owner_group: str
    vo: str
    status: str
    start_exec_time: datetime | None
    end_exec_time: datetime | None
    minor_status: str | None
    application_status: str | None
    site: str | None
    heart_beat_time: datetime | None
    priority: int
    reschedule_counter: int
    verified: bool

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
        rows = [(job, *(_literal(changes[job].get(c), tx.dialect) for c in CHANGED)) for job in sorted(changes)]
        if rows:
            tx.enqueue(APPLY, changes=rows)

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


def _locked(rows: Rows) -> dict[int, LockedJob]:
    return {
        row[0]: LockedJob(
            owner=row[1],
            owner_group=row[2],
            vo=row[3],
            status=row[4],
            start_exec_time=from_database(row[5]),
            end_exec_time=from_database(row[6]),
            minor_status=row[7],
            application_status=row[8],
            site=row[9],
            heart_beat_time=from_database(row[10]),
            priority=row[11],
            reschedule_counter=row[12],
            verified=row[13] == "True",
        )
        for row in rows
    }


def _literal(value: Any, dialect: str) -> Any:
    if isinstance(value, datetime):
        return to_database(value, dialect) if value.tzinfo else value.isoformat(" ")
    return value

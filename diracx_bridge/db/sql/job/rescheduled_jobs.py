"""JobDB: jobs that run again from the start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from diracx_bridge.db.sql.statement import IDS, RowSet, Statement, id_rows
from diracx_bridge.db.sql.times import to_database
from diracx_bridge.db.sql.transaction import Transaction

# a cycle comes again when the counter was reset: what is kept is the newest
KEEP: Final = Statement(
    "INSERT INTO {JobDB}.AtticJobParameters (JobID, Name, Value, RescheduleCycle) "
    "SELECT kept.JobID, kept.Name, kept.Content, kept.Cycle FROM {kept} ON DUPLICATE KEY UPDATE Value = kept.Content",
    sqlite="INSERT INTO {JobDB}.AtticJobParameters (JobID, Name, Value, RescheduleCycle) "
    "SELECT kept.JobID, kept.Name, kept.Content, kept.Cycle FROM {kept} WHERE true "
    "ON CONFLICT DO UPDATE SET Value = excluded.Value",
    kept=RowSet(JobID="BIGINT UNSIGNED", Name="VARCHAR(255)", Content="TEXT", Cycle="BIGINT UNSIGNED"),
)
CLEAR: Final = Statement(
    "DELETE o FROM {ids} STRAIGHT_JOIN {JobDB}.OptimizerParameters o ON o.JobID = ids.id",
    sqlite="DELETE FROM {JobDB}.OptimizerParameters WHERE JobID IN (SELECT id FROM {ids})",
    ids=IDS,
)
_SET: Final = (
    "Site = again.Site, RescheduleCounter = again.Counter, RescheduleTime = :now, LastUpdateTime = :now, "
    "Status = :status, MinorStatus = :minor_status, ApplicationStatus = 'Unknown'"
)
RESCHEDULE: Final = Statement(
    "UPDATE {again} STRAIGHT_JOIN {JobDB}.Jobs j ON j.JobID = again.JobID SET "
    + ", ".join(f"j.{assignment}" for assignment in _SET.split(", ")),
    sqlite=f"UPDATE {{JobDB}}.Jobs AS j SET {_SET} FROM {{again}} WHERE j.JobID = again.JobID",
    again=RowSet(JobID="BIGINT UNSIGNED", Site="VARCHAR(255)", Counter="INT"),
)
NAME_LENGTH, VALUE_BYTES = 100, 65_535


class RescheduledJobs:
    """Rescheduling: a part of ``JobDB``."""

    async def keep_parameters(self, tx: Transaction, kept: Iterable[tuple[int, str, str, int]]) -> None:
        """Put (job id, name, value, cycle) into the attic; what does not fit its columns is cut."""
        rows = [(job_id, name[:NAME_LENGTH], _cut(value), cycle) for job_id, name, value, cycle in kept]
        if rows:
            tx.enqueue(KEEP, kept=rows)

    async def reschedule(
        self, tx: Transaction, again: Sequence[tuple[int, str, int]], *, status: str, minor_status: str, now: datetime
    ) -> None:
        """Set (job id, site, reschedule counter), and these jobs to ``status``; optimizer parameters are forgotten."""
        tx.enqueue(CLEAR, ids=id_rows(row[0] for row in again))
        tx.enqueue(RESCHEDULE, again=again, now=to_database(now, tx.dialect), status=status, minor_status=minor_status)


def _cut(value: str) -> str:
    return value.encode()[:VALUE_BYTES].decode(errors="ignore")

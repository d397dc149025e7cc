"""JobDB: what is read of jobs whose ids are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from diracx_bridge.db.sql.job.schema import jobs
from diracx_bridge.db.sql.json_rows import objects_of
from diracx_bridge.db.sql.statement import IDS, Statement, id_rows
from diracx_bridge.db.sql.times import from_database
from diracx_bridge.db.sql.transaction import Transaction

ATTRIBUTES: Final = tuple(jobs.columns.keys())


def _by_id(select: str, table: str, order: str = "ids.id") -> Statement:
    """``select`` the columns of ``t`` of the jobs in ``ids``."""
    return Statement(
        f"SELECT {select} FROM {{ids}} STRAIGHT_JOIN {{JobDB}}.{table} t ON t.JobID = ids.id ORDER BY {order}",
        sqlite=f"SELECT {select} FROM {{ids}} JOIN {{JobDB}}.{table} t ON t.JobID = ids.id ORDER BY {order}",
        ids=IDS,
    )


OWNERS: Final = _by_id("t.JobID, t.Owner, t.OwnerGroup, t.VO", "Jobs")
ROWS: Final = _by_id(", ".join(f"t.{name}" for name in ATTRIBUTES), "Jobs")
JDLS: Final = _by_id("t.JobID, t.JDL, t.OriginalJDL", "JobJDLs")
LFNS: Final = _by_id("t.JobID, t.LFN", "InputData", "ids.id, t.LFN")
HEARTBEATS: Final = _by_id("t.Name, t.Value, t.HeartBeatTime", "HeartBeatLoggingInfo", "t.HeartBeatTime, t.Name")


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose job it is."""

    owner: str
    owner_group: str
    vo: str


class JobReads:
    """Reading by id: a part of ``JobDB``. Jobs that do not exist are absent from the answers."""

    async def owners(self, tx: Transaction, job_ids: Iterable[int]) -> dict[int, Ownership]:
        """Whose jobs they are."""
        return {row[0]: Ownership(*row[1:]) for row in await tx.execute(OWNERS, ids=id_rows(job_ids))}

    async def attributes(self, tx: Transaction, job_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """All columns of Jobs by name; times are naive UTC, flags booleans."""
        rows = await tx.execute(ROWS, ids=id_rows(job_ids))
        return {row["JobID"]: row for row in await objects_of(jobs, ATTRIBUTES, rows)}

    async def jdls(self, tx: Transaction, job_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Executed and original description, as they are kept."""
        return {row[0]: (row[1], row[2]) for row in await tx.execute(JDLS, ids=id_rows(job_ids))}

    async def input_data(self, tx: Transaction, job_ids: Iterable[int]) -> dict[int, list[str]]:
        """The names of the input files of the jobs that have some, in order."""
        found: dict[int, list[str]] = {}
        for job_id, lfn in await tx.execute(LFNS, ids=id_rows(job_ids)):
            found.setdefault(job_id, []).append(lfn)
        return found

    async def heartbeats(self, tx: Transaction, job_id: int) -> list[tuple[str, str, datetime | None]]:
        """(name, value, time) of what a job said of itself, in the order of time."""
        rows = await tx.execute(HEARTBEATS, ids=id_rows([job_id]))
        return [(name, value, from_database(time)) for name, value, time in rows]

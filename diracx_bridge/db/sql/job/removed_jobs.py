"""JobDB: removal of jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from diracx_bridge.db.sql.statement import IDS, Statement, id_rows
from diracx_bridge.db.sql.transaction import Transaction

TABLES: Final = (
    "InputData",
    "AtticJobParameters",
    "HeartBeatLoggingInfo",
    "OptimizerParameters",
    "JobCommands",
    "Jobs",
    "JobJDLs",
)
"""Children before parents: the foreign keys of DIRAC's JobDB RESTRICT."""
DELETE: Final = tuple(
    Statement(
        f"DELETE t FROM {{ids}} STRAIGHT_JOIN {{JobDB}}.{table} t ON t.JobID = ids.id",
        sqlite=f"DELETE FROM {{JobDB}}.{table} WHERE JobID IN (SELECT id FROM {{ids}})",
        ids=IDS,
    )
    for table in TABLES
)


class RemovedJobs:
    """Removal of jobs: a part of ``JobDB``."""

    async def remove(self, tx: Transaction, job_ids: Iterable[int]) -> None:
        """Remove every trace of these jobs from JobDB; lock them first."""
        ids = id_rows(job_ids)
        for statement in DELETE:
            tx.enqueue(statement, ids=ids)

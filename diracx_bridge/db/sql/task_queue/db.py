"""TaskQueueDB: the queues from which pilots get their jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from diracx_bridge.db.sql.statement import IDS, WANTED, Statement, id_rows
from diracx_bridge.db.sql.transaction import Transaction

CHILDREN: Final = (
    "tq_RAM_requirements",
    "tq_TQToSites",
    "tq_TQToGridCEs",
    "tq_TQToBannedSites",
    "tq_TQToPlatforms",
    "tq_TQToJobTypes",
    "tq_TQToTags",
)
"""The tables that describe a queue and go with it (foreign keys of DIRAC's TaskQueueDB RESTRICT)."""

QUEUES: Final = Statement(
    "SELECT DISTINCT q.TQId FROM {ids} STRAIGHT_JOIN {TaskQueueDB}.tq_Jobs q ON q.JobId = ids.id",
    sqlite="SELECT DISTINCT q.TQId FROM {ids} JOIN {TaskQueueDB}.tq_Jobs q ON q.JobId = ids.id",
    ids=IDS,
)
REMOVE_JOBS: Final = Statement(
    "DELETE q FROM {ids} STRAIGHT_JOIN {TaskQueueDB}.tq_Jobs q ON q.JobId = ids.id",
    sqlite="DELETE FROM {TaskQueueDB}.tq_Jobs WHERE JobId IN (SELECT id FROM {ids})",
    ids=IDS,
)
EMPTY: Final = Statement(
    f"SELECT t.TQId FROM {WANTED} STRAIGHT_JOIN {{TaskQueueDB}}.tq_TaskQueues t ON t.TQId = wanted.id "
    "WHERE t.Enabled >= 1 AND NOT EXISTS (SELECT 1 FROM {TaskQueueDB}.tq_Jobs q WHERE q.TQId = t.TQId) "
    "ORDER BY t.TQId FOR UPDATE",
    sqlite="SELECT t.TQId FROM {ids} JOIN {TaskQueueDB}.tq_TaskQueues t ON t.TQId = ids.id "
    "WHERE t.Enabled >= 1 AND NOT EXISTS (SELECT 1 FROM {TaskQueueDB}.tq_Jobs q WHERE q.TQId = t.TQId)",
    ids=IDS,
)
DROP: Final = tuple(
    Statement(
        f"DELETE t FROM {{ids}} STRAIGHT_JOIN {{TaskQueueDB}}.{table} t ON t.TQId = ids.id",
        sqlite=f"DELETE FROM {{TaskQueueDB}}.{table} WHERE TQId IN (SELECT id FROM {{ids}})",
        ids=IDS,
    )
    for table in (*CHILDREN, "tq_TaskQueues")
)


class TaskQueueDB:
    """What is done with the task queues."""

    async def remove_jobs(self, tx: Transaction, job_ids: Iterable[int]) -> None:
        """Take jobs out of their queues, and drop the queues that this leaves empty.

        As in DIRAC, a queue that is not enabled stays: whoever makes it, or disabled it, will go on with it.
        """
        ids = id_rows(job_ids)
        queues = await tx.execute(QUEUES, ids=ids)
        if not queues:
            return
        tx.enqueue(REMOVE_JOBS, ids=ids)
        empty = await tx.execute(EMPTY, ids=sorted(queues))
        if empty:
            for statement in DROP:
                tx.enqueue(statement, ids=empty)

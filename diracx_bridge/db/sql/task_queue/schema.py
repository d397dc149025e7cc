"""Tables of TaskQueueDB as DIRAC 9.1 creates them (``WorkloadManagementSystem/DB/TaskQueueDB.py``).

A job stands in one queue only (``tq_Jobs.JobId`` is the primary key). All other tables hang on ``tq_TaskQueues`` with
restricting foreign keys, ``tq_RAM_requirements`` included, which DiracX does not know.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from diracx_bridge.db.sql.column_types import metadata, single, text, tiny, unsigned, unsigned_big

TASK_QUEUE_DB = metadata("TaskQueueDB")

task_queues = Table(
    "tq_TaskQueues",
    TASK_QUEUE_DB,
    Column("TQId", unsigned(), primary_key=True, autoincrement=True),
    Column("Owner", text(255), nullable=False),
    Column("OwnerGroup", text(32), nullable=False),
    Column("VO", text(32), nullable=False),
    Column("CPUTime", unsigned_big(), nullable=False),
    Column("Priority", single(), nullable=False),
    Column("Enabled", tiny(), nullable=False, server_default="0"),
    Index(None, "Owner", "OwnerGroup", "CPUTime"),
    sqlite_autoincrement=True,
)

task_queue_jobs = Table(
    "tq_Jobs",
    TASK_QUEUE_DB,
    Column("TQId", unsigned(), ForeignKey(task_queues.c.TQId), nullable=False, index=True),
    Column("JobId", unsigned(), primary_key=True, autoincrement=False),
    Column("Priority", unsigned(), nullable=False),
    Column("RealPriority", single(), nullable=False),
)

ram_requirements = Table(
    "tq_RAM_requirements",
    TASK_QUEUE_DB,
    Column("TQId", unsigned(), ForeignKey(task_queues.c.TQId), primary_key=True, autoincrement=False),
    Column("MinRAM", unsigned(), nullable=False, server_default="0"),
    Column("MaxRAM", unsigned(), nullable=False, server_default="0"),
)


def _values(field: str) -> Table:
    return Table(
        f"tq_TQTo{field}",
        TASK_QUEUE_DB,
        Column("TQId", unsigned(), ForeignKey(task_queues.c.TQId), primary_key=True, autoincrement=False),
        Column("Value", text(64), primary_key=True, index=True),
    )


#: The tables of the requirements that hold several values, by the name of the requirement.
requirement_values = {
    field: _values(field) for field in ("Sites", "GridCEs", "BannedSites", "Platforms", "JobTypes", "Tags")
}

"""The table of JobLoggingDB as DIRAC 9.1 creates it (``WorkloadManagementSystem/DB/JobLoggingDB.sql``).

On MySQL the trigger ``SeqNumGenerator`` gives each new row the number after the highest one of its job, whatever the
INSERT says. SQLite has no trigger that can change the row to be inserted: there the INSERT computes ``SeqNum``.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, Table

from diracx_bridge.db.sql.column_types import double, metadata, text

JOB_LOGGING_DB = metadata("JobLoggingDB")

SEQ_NUM_TRIGGER = "SeqNumGenerator"

logging_info = Table(
    "LoggingInfo",
    JOB_LOGGING_DB,
    Column("JobID", Integer, primary_key=True, autoincrement=False),
    Column("SeqNum", Integer, primary_key=True, autoincrement=False, server_default="0"),
    Column("Status", text(32), nullable=False, server_default=""),
    Column("MinorStatus", text(128), nullable=False, server_default=""),
    Column("ApplicationStatus", text(255), nullable=False, server_default=""),
    Column("StatusTime", DateTime, nullable=False),
    # Seconds since 2010-03-31 01:46:40 UTC (epoch 1270000000), which leaves three digits for milliseconds.
    Column("StatusTimeOrder", double(12, 3), nullable=False),
    Column("StatusSource", text(32), nullable=False, server_default="Unknown"),
)

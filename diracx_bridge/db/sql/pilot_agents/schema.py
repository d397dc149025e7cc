"""Tables of PilotAgentsDB as DIRAC 9.1 creates them (``WorkloadManagementSystem/DB/PilotAgentsDB.sql``).

``JobToPilotMapping`` has no primary key: the same pair may be there more than once.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Table

from diracx_bridge.db.sql.column_types import Flag, double, flag_checks, medium_text, metadata, text, unsigned

PILOT_AGENTS_DB = metadata("PilotAgentsDB")

_SENT = Column("AccountingSent", Flag(("True", "False")), nullable=False, server_default="False")

pilot_agents = Table(
    "PilotAgents",
    PILOT_AGENTS_DB,
    Column("PilotID", unsigned(), primary_key=True, autoincrement=True),
    Column("InitialJobID", unsigned(), nullable=False, server_default="0"),
    Column("CurrentJobID", unsigned(), nullable=False, server_default="0"),
    Column("PilotJobReference", text(255), nullable=False, server_default="Unknown"),
    Column("PilotStamp", text(32), nullable=False, server_default=""),
    Column("DestinationSite", text(128), nullable=False, server_default="NotAssigned"),
    Column("Queue", text(128), nullable=False, server_default="Unknown"),
    Column("GridSite", text(128), nullable=False, server_default="Unknown"),
    Column("VO", text(128), nullable=False),
    Column("GridType", text(32), nullable=False, server_default="LCG"),
    Column("BenchMark", double(), nullable=False, server_default="0.0"),
    Column("SubmissionTime", DateTime),
    Column("LastUpdateTime", DateTime),
    Column("Status", text(32), nullable=False, server_default="Unknown"),
    Column("StatusReason", text(255), nullable=False, server_default="Unknown"),
    _SENT,
    *flag_checks([_SENT]),
    Index(None, "PilotJobReference"),
    Index(None, "Status"),
    Index(None, "GridSite", "DestinationSite", "Status"),
    Index(None, "DestinationSite", "Queue", "Status"),
    sqlite_autoincrement=True,
)

job_to_pilot_mapping = Table(
    "JobToPilotMapping",
    PILOT_AGENTS_DB,
    Column("PilotID", unsigned(), nullable=False, index=True),
    Column("JobID", unsigned(), nullable=False, index=True),
    Column("StartTime", DateTime, nullable=False),
)

pilot_output = Table(
    "PilotOutput",
    PILOT_AGENTS_DB,
    Column("PilotID", unsigned(), primary_key=True, autoincrement=False),
    Column("StdOutput", medium_text()),
    Column("StdError", medium_text()),
)

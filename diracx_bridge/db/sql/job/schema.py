"""Tables of JobDB as DIRAC 9.1 creates them (``WorkloadManagementSystem/DB/JobDB.sql``).

Foreign keys restrict: children go before their parent. Every column but the ids and JDLs has a server default,
because legacy code inserts rows that name a few columns only.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, Table, Text

from diracx_bridge.db.sql.column_types import ADVISED, Flag, flag_checks, medium_text, metadata, text, unsigned

JOB_DB = metadata("JobDB")

job_jdls = Table(
    "JobJDLs",
    JOB_DB,
    Column("JobID", unsigned(), primary_key=True, autoincrement=True),
    Column("JDL", medium_text(), nullable=False),
    Column("JobRequirements", Text, nullable=False),
    Column("OriginalJDL", medium_text(), nullable=False),
    sqlite_autoincrement=True,
)

_FLAGS = [
    Column("VerifiedFlag", Flag(("True", "False")), nullable=False, server_default="False"),
    Column("AccountedFlag", Flag(("True", "False", "Failed")), nullable=False, server_default="False"),
]

jobs = Table(
    "Jobs",
    JOB_DB,
    Column(
        "JobID", unsigned(), ForeignKey(job_jdls.c.JobID), primary_key=True, autoincrement=False, server_default="0"
    ),
    Column("JobType", text(32), nullable=False, server_default="user"),
    Column("JobGroup", text(32), nullable=False, server_default="00000000"),
    Column("Site", text(100), nullable=False, server_default="ANY"),
    Column("JobName", text(128), nullable=False, server_default="Unknown"),
    Column("Owner", text(64), nullable=False, server_default="Unknown"),
    Column("OwnerGroup", text(128), nullable=False, server_default="Unknown"),
    Column("VO", text(32), nullable=False, server_default="Unknown"),
    Column("SubmissionTime", DateTime),
    Column("RescheduleTime", DateTime),
    Column("LastUpdateTime", DateTime),
    Column("StartExecTime", DateTime),
    Column("HeartBeatTime", DateTime),
    Column("EndExecTime", DateTime),
    Column("Status", text(32), nullable=False, server_default="Received"),
    Column("MinorStatus", text(128), nullable=False, server_default="Unknown"),
    Column("ApplicationStatus", text(255), server_default="Unknown"),
    Column("UserPriority", Integer, nullable=False, server_default="0"),
    Column("RescheduleCounter", Integer, nullable=False, server_default="0"),
    *_FLAGS,
    *flag_checks(_FLAGS),
    Index(None, "JobType"),
    Index(None, "JobGroup"),
    Index(None, "Site"),
    Index(None, "Owner"),
    Index(None, "OwnerGroup"),
    Index(None, "Status"),
    Index(None, "MinorStatus"),
    Index(None, "ApplicationStatus"),
    Index(None, "Status", "Site"),
    Index(None, "LastUpdateTime"),
    Index(None, "JobName"),
    Index(None, "VO", "Status", "Site", info=ADVISED),
)

input_data = Table(
    "InputData",
    JOB_DB,
    Column("JobID", unsigned(), ForeignKey(jobs.c.JobID), primary_key=True, autoincrement=False),
    Column("LFN", text(255), primary_key=True, server_default=""),
    Column("Status", text(32), nullable=False, server_default="AprioriGood"),
)

optimizer_parameters = Table(
    "OptimizerParameters",
    JOB_DB,
    Column("JobID", unsigned(), ForeignKey(jobs.c.JobID), primary_key=True, autoincrement=False),
    Column("Name", text(100), primary_key=True),
    Column("Value", medium_text(), nullable=False),
)

attic_job_parameters = Table(
    "AtticJobParameters",
    JOB_DB,
    Column("JobID", unsigned(), ForeignKey(jobs.c.JobID), primary_key=True, autoincrement=False),
    Column("Name", text(100), primary_key=True),
    Column("Value", Text, nullable=False),
    Column("RescheduleCycle", unsigned(), primary_key=True, autoincrement=False),
)

heart_beat_logging_info = Table(
    "HeartBeatLoggingInfo",
    JOB_DB,
    Column("JobID", unsigned(), ForeignKey(jobs.c.JobID), primary_key=True, autoincrement=False),
    Column("Name", text(100), primary_key=True),
    Column("Value", Text, nullable=False),
    Column("HeartBeatTime", DateTime, primary_key=True),
)

job_commands = Table(
    "JobCommands",
    JOB_DB,
    Column("JobID", unsigned(), ForeignKey(jobs.c.JobID), primary_key=True, autoincrement=False),
    Column("Command", text(100), nullable=False),
    Column("Arguments", text(100), primary_key=True),
    Column("Status", text(64), nullable=False, server_default="Received"),
    Column("ReceptionTime", DateTime, primary_key=True),
    Column("ExecutionTime", DateTime),
)

"""Rows of jobs: made and looked at directly in the databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select, update

from diracx_bridge.core.job_status import LogRecord
from diracx_bridge.db.sql.job.schema import (
    attic_job_parameters,
    heart_beat_logging_info,
    input_data,
    job_commands,
    job_jdls,
    jobs,
    optimizer_parameters,
)
from diracx_bridge.db.sql.job_logging.db import JobLoggingDB
from diracx_bridge.db.sql.job_logging.schema import logging_info
from diracx_bridge.db.sql.pilot_agents.schema import job_to_pilot_mapping, pilot_agents
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.task_queue.schema import ram_requirements, task_queue_jobs, task_queues
from diracx_bridge.db.sql.transaction import Transaction


class Jobs:
    """Jobs in the databases of a server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def add(self, count: int = 1, *, logged: bool = True, **columns: Any) -> list[int]:
        """Ids of new jobs of alice in VO gridlab, received an hour ago; other columns as given."""
        received = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        row = {
            "JobType": "user",
            "Owner": "alice",
            "OwnerGroup": "gridlab_user",
            "VO": "gridlab",
            "Status": "Received",
            "MinorStatus": "Job accepted",
            "SubmissionTime": received.replace(tzinfo=None),
            "LastUpdateTime": received.replace(tzinfo=None),
            **columns,
        }

        async def work(tx: Transaction) -> list[int]:
            ids = []
            for _ in range(count):
                result = await tx.raw(insert(job_jdls), {"JDL": "", "JobRequirements": "", "OriginalJDL": ""})
                ids.append(int(result.inserted_primary_key[0]))
            for i in ids:
                await tx.raw(insert(jobs), {"JobID": i, **row})
            if logged:
                record = LogRecord(row["Status"], row["MinorStatus"], "Unknown", received, "JobManager")
                await JobLoggingDB().append(tx, {job: [record] for job in ids})
            return ids

        return await self.server.write(work)

    async def queue(self, *job_ids: int, enabled: int = 1) -> int:
        """Put jobs into a new task queue; returns its id."""

        async def work(tx: Transaction) -> int:
            values = {"Owner": "alice", "OwnerGroup": "gridlab_user", "VO": "gridlab", "CPUTime": 1000}
            values |= {"Priority": 1.0, "Enabled": enabled}
            result = await tx.raw(insert(task_queues), values)
            queue = int(result.inserted_primary_key[0])
            for job in job_ids:
                await tx.raw(insert(task_queue_jobs), {"TQId": queue, "JobId": job, "Priority": 1, "RealPriority": 1.0})
            return queue

        return await self.server.write(work)

    async def ram(self, queue: int) -> None:
        """Give a task queue requirements of memory."""
        await self.server.write(lambda tx: tx.raw(insert(ram_requirements), {"TQId": queue, "MinRAM": 1, "MaxRAM": 2}))

    async def fill_children(self, job_id: int) -> None:
        """Give a job a row in each table that hangs on it, but for its input data."""
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        rows: list[tuple[Table, dict[str, Any]]] = [
            (optimizer_parameters, {"Name": "OptimizerChain", "Value": "JobPath"}),
            (attic_job_parameters, {"Name": "HostName", "Value": "node", "RescheduleCycle": 0}),
            (heart_beat_logging_info, {"Name": "Vsize", "Value": "1", "HeartBeatTime": now}),
            (job_commands, {"Command": "Kill", "Arguments": "", "ReceptionTime": now}),
        ]

        async def work(tx: Transaction) -> None:
            for table, row in rows:
                await tx.raw(insert(table), {"JobID": job_id, **row})

        await self.server.write(work)

    async def rows_of(self, job_id: int) -> dict[str, int]:
        """How many rows each table has of a job."""
        tables = (
            input_data, optimizer_parameters, attic_job_parameters, heart_beat_logging_info, job_commands, jobs,
            job_jdls, logging_info,
        )  # fmt: skip
        return {t.name: len(await self._rows(select(t.c.JobID).where(t.c.JobID == job_id))) for t in tables}

    async def attic(self, job_id: int) -> dict[tuple[int, str], str]:
        """The parameters of earlier runs: (cycle, name) -> value."""
        c = attic_job_parameters.c
        rows = await self._rows(select(attic_job_parameters).where(c.JobID == job_id))
        return {(row["RescheduleCycle"], row["Name"]): row["Value"] for row in rows}

    async def set(self, job_id: int, **columns: Any) -> None:
        """Set columns of a job."""
        await self.server.write(lambda tx: tx.raw(update(jobs).where(jobs.c.JobID == job_id).values(**columns)))

    async def map_to_pilot(self, job_id: int, stamp: str) -> None:
        """Record that a job ran on a new pilot with this stamp."""

        async def work(tx: Transaction) -> None:
            result = await tx.raw(insert(pilot_agents), {"PilotStamp": stamp, "VO": "gridlab"})
            pilot = int(result.inserted_primary_key[0])
            row = {"PilotID": pilot, "JobID": job_id, "StartTime": datetime.now(UTC).replace(tzinfo=None)}
            await tx.raw(insert(job_to_pilot_mapping), row)

        await self.server.write(work)

    async def row(self, job_id: int) -> dict[str, Any]:
        """The row of a job."""
        found = await self._rows(select(jobs).where(jobs.c.JobID == job_id))
        return found[0]

    async def log(self, job_id: int) -> list[dict[str, Any]]:
        """The log of a job by sequence number."""
        c = logging_info.c
        return await self._rows(select(logging_info).where(c.JobID == job_id).order_by(c.SeqNum))

    async def commands(self, job_id: int) -> list[dict[str, Any]]:
        """The commands for a job."""
        return await self._rows(select(job_commands).where(job_commands.c.JobID == job_id))

    async def heartbeats(self, job_id: int) -> dict[str, str]:
        """The last recorded value of each name."""
        c = heart_beat_logging_info.c
        rows = await self._rows(select(heart_beat_logging_info).where(c.JobID == job_id).order_by(c.HeartBeatTime))
        return {row["Name"]: row["Value"] for row in rows}

    async def queues(self) -> tuple[list[int], list[int]]:
        """Ids of all task queues, and of all jobs in them."""
        queues = await self._rows(select(task_queues.c.TQId))
        waiting = await self._rows(select(task_queue_jobs.c.JobId))
        return [r["TQId"] for r in queues], [r["JobId"] for r in waiting]

    async def jdls(self, job_id: int) -> tuple[str, str]:
        """Executed and original JDL of a job, as stored."""
        row = (await self._rows(select(job_jdls).where(job_jdls.c.JobID == job_id)))[0]
        assert row["JobRequirements"] == ""
        return row["JDL"], row["OriginalJDL"]

    async def input_data(self, job_id: int) -> list[str]:
        """The input files of a job, sorted."""
        rows = await self._rows(select(input_data.c.LFN).where(input_data.c.JobID == job_id))
        return sorted(row["LFN"] for row in rows)

    async def count(self) -> int:
        """How many jobs there are, half made ones included."""
        return len(await self._rows(select(job_jdls.c.JobID)))

    async def _rows(self, statement: Any) -> list[dict[str, Any]]:
        async def work(tx: Transaction) -> list[dict[str, Any]]:
            return [dict(row._mapping) for row in await tx.raw(statement)]

        return await self.server.read(work)

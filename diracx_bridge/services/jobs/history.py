"""The history of jobs, read from their logs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from diracx_bridge.core.job_status import IDEM
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.sql.job_logging.db import JobLoggingDB
from diracx_bridge.db.sql.times import from_database
from diracx_bridge.db.sql.transaction import Transaction

MEMBERS = ("Status", "MinorStatus", "ApplicationStatus")
SLICE = 2000


async def histories(tx: Transaction, log: JobLoggingDB, job_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """By job: its log records, oldest first, with "idem" replaced by what was there before ("Unknown" at the start)."""
    found: dict[int, list[dict[str, Any]]] = {}
    async for job_id, status, minor_status, application_status, time, source in in_turns(
        await log.records(tx, job_ids), SLICE
    ):
        history = found.setdefault(job_id, [])
        record = {"Status": status, "MinorStatus": minor_status, "ApplicationStatus": application_status}
        for member in MEMBERS:
            if record[member] == IDEM:
                record[member] = history[-1][member] if history else "Unknown"
        history.append({**record, "StatusTime": from_database(time), "Source": source})
    return found

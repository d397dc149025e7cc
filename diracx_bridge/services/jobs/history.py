"""The history of jobs, read from their logs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from diracx_bridge.core.job_status import IDEM
from diracx_bridge.db.sql.job_logging.schema import logging_info
from diracx_bridge.db.sql.transaction import Transaction

_c = logging_info.c
_HISTORY = select(_c.JobID, _c.Status, _c.MinorStatus, _c.ApplicationStatus, _c.StatusTime, _c.StatusSource).order_by(
    _c.JobID, _c.StatusTimeOrder, _c.SeqNum
)
MEMBERS = ("Status", "MinorStatus", "ApplicationStatus")


async def histories(tx: Transaction, job_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """By job: its log records, oldest first, with "idem" replaced by what was there before ("Unknown" at the start)."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in await tx.raw(_HISTORY.where(_c.JobID.in_(list(job_ids)))):
        log = found.setdefault(row.JobID, [])
        record = {"Status": row.Status, "MinorStatus": row.MinorStatus, "ApplicationStatus": row.ApplicationStatus}
        for member in MEMBERS:
            if record[member] == IDEM:
                record[member] = log[-1][member] if log else "Unknown"
        log.append({**record, "StatusTime": row.StatusTime, "Source": row.StatusSource})
    return found

"""What the status of a job has to be after legacy DIRAC and we changed it at the same time.

A legacy service compares times, changes the row and adds its log record in three steps, without a lock. If we change
the job between them, an older change can end up in the row. The log tells: it holds every change with its time, and is
numbered in the order of writing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from diracx_bridge.core.job_status import IDEM

MEMBERS: Final = ("Status", "MinorStatus", "ApplicationStatus")


class Written(NamedTuple):
    """A log record: ``order`` is its time, ``number`` the order of writing."""

    number: int
    order: float
    source: str
    values: tuple[str, str, str]


def corrections(row: Mapping[str, str | None], log: Sequence[Written], ours: tuple[float, str]) -> dict[str, str]:
    """The members of ``row`` that lost a race, with the values that the newest record of ``log`` gives them.

    Only changes since our record (its order and source are ``ours``) can have raced with it. A member is corrected if
    the row has the value of such a change although a newer one is logged; any other difference has another reason, such
    as an attribute that was set without a log record.
    """
    start = max((record.number for record in log if (record.order, record.source) == ours), default=None)
    if start is None:
        return {}
    found = {}
    for position, member in enumerate(MEMBERS):
        said = [record for record in log if record.values[position] != IDEM]
        if not said:
            continue
        newest = max(said, key=lambda record: (record.order, record.number))
        value, actual = newest.values[position], row[member]
        raced = any(r.number >= start and r.order < newest.order and r.values[position] == actual for r in said)
        if actual != value and raced:
            found[member] = value
    return found

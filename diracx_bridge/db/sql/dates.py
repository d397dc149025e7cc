"""Partial dates as periods: what ``2026-02`` or ``2026-02-03 10:15`` mean in a filter.

Accepted is ``YYYY[-MM[-DD[( |T)HH[:MM[:SS[.f…][Z]]]]]]``, always UTC. As in DiracX 0.7.0, a fraction of a second is
accepted and has no effect: ``DATETIME`` columns hold whole seconds, so the finest period is a second. Beyond DiracX,
``Z`` may follow whole seconds, because that is how answers write the times of MySQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ACCEPTED: Final = (
    "a date like 2026, 2026-02, 2026-02-03, 2026-02-03 10, 2026-02-03T10:15, 2026-02-03T10:15:30[.123][Z] (UTC)"
)

_PATTERN: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[ T]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?Z?)?)?)?)?)?"
)
_PRECISIONS: Final = ("year", "month", "day", "hour", "minute", "second")
_LENGTHS: Final = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The times from ``start`` (part of it) to ``end`` (not part of it; None after the year 9999), naive UTC."""

    start: datetime
    end: datetime | None
    precision: str


def parse_period(text: str) -> Period:
    """The period that ``text`` names.

    Raises:
        ValueError: ``text`` has another format, or names a date that does not exist; the message says which.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"expected {ACCEPTED}")
    given = [int(part) for part in match.groups() if part is not None]
    precision = _PRECISIONS[len(given) - 1]
    year, month, day, hour, minute, second = given + [1, 1, 0, 0, 0][len(given) - 1 :]
    try:
        start = datetime(year, month, day, hour, minute, second)
    except ValueError as error:
        raise ValueError(f"there is no such date ({error})") from None
    return Period(start, _end(start, precision), precision)


def next_month(first: datetime) -> datetime:
    """The first day of the month after that of which ``first`` is the first day."""
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def _end(start: datetime, precision: str) -> datetime | None:
    try:
        if precision == "year":
            return start.replace(year=start.year + 1)
        if precision == "month":
            return next_month(start)
        return start + _LENGTHS[precision]
    except (ValueError, OverflowError):
        return None

"""Times in DIRAC's databases: naive UTC, whole seconds on MySQL and MariaDB, microseconds on SQLite."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=4096)
def to_database(time: datetime | None, dialect: str) -> str | None:
    """The literal for a DATETIME column; cut, not rounded, to whole seconds where the column has no fraction."""
    if time is None:
        return None
    naive = time.astimezone(UTC).replace(tzinfo=None)
    return naive.isoformat(" ", "microseconds" if dialect == "sqlite" else "seconds")


def from_database(value: datetime | str | None) -> datetime | None:
    """An aware UTC time from what the driver gave; None for NULL and for MySQL's zero dates."""
    if value is None:
        return None
    if isinstance(value, str):
        if value.startswith("0000"):
            return None
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC)

"""The monthly partitions of RefreshTokens on MySQL and MariaDB, as DiracX 0.7.0 lays them out.

A token's month is the month in which its JTI (UUID version 7) was made, so expired tokens go by dropping a partition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import Table

from diracx_bridge.db.sql.dates import next_month

MONTHS_AHEAD: Final = 24
FUTURE: Final = "p_future"
_FUTURE_CLAUSE: Final = f"PARTITION {FUTURE} VALUES LESS THAN (MAXVALUE)"


def lower_bound(time: datetime) -> str:
    """The smallest UUID version 7 of ``time`` (naive UTC), as 32 hexadecimal digits."""
    milliseconds = int(time.replace(tzinfo=UTC).timestamp() * 1000)
    return f"{milliseconds:012x}" + "7000" + "8000" + "0" * 12


def time_of(bound: str) -> datetime:
    """The time (naive UTC) in an identifier of version 7 that is given as 32 hexadecimal digits."""
    return datetime.fromtimestamp(int(bound[:12], 16) / 1000, UTC).replace(tzinfo=None)


def month_of(time: datetime) -> datetime:
    """The first moment of its month."""
    return time.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def months_later(time: datetime, months: int) -> datetime:
    """The first moment of the month that is ``months`` after that of ``time`` (before it, if negative)."""
    number = time.year * 12 + time.month - 1 + months
    return month_of(time).replace(year=number // 12, month=number % 12 + 1)


def monthly(start: datetime, months: int = MONTHS_AHEAD) -> dict[str, str]:
    """Partition names (``p_2026_1``) and their exclusive upper bounds for ``months`` months from that of ``start``."""
    bounds: dict[str, str] = {}
    month = month_of(start)
    for _ in range(months):
        following = next_month(month)
        bounds[f"p_{month.year}_{month.month}"] = lower_bound(following)
        month = following
    return bounds


@dataclass(frozen=True, slots=True)
class Changes:
    """What maintenance has to do to the partitions: months to ``add`` with their bounds, names to ``drop``."""

    add: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()


def due_changes(bounds: Mapping[str, str], *, now: datetime, keep_months: int, months_ahead: int) -> Changes:
    """What is due at ``now`` for partitions with these names and upper bounds, without `p_future`.

    Months that ended more than ``keep_months`` ago are dropped; those up to ``months_ahead`` from now are added after
    the last one that there is, so that no month is left out.
    """
    oldest = lower_bound(months_later(now, -keep_months))
    last = max(bounds.values(), default=lower_bound(month_of(now)))
    start, end = time_of(last), months_later(now, months_ahead + 1)
    wanted = (end.year - start.year) * 12 + end.month - start.month
    add = {name: bound for name, bound in monthly(start, max(0, wanted)).items() if bound > last}
    return Changes(add, tuple(name for name, bound in sorted(bounds.items(), key=_bound) if bound <= oldest))


def _bound(partition: tuple[str, str]) -> str:
    return partition[1]


def add_partitions(connection: Connection, table: Table, *, now: datetime) -> None:
    """Partition ``table`` by month, from the month of ``now`` on; older rows belong to the first partition."""
    name = _full_name(connection.dialect, table, connection)
    connection.exec_driver_sql(partition_text(name, monthly(now)))


def partition_text(table: str, bounds: Mapping[str, str]) -> str:
    """The statement that partitions a table for the first time."""
    return f"ALTER TABLE {table} PARTITION BY RANGE COLUMNS (JTI) ({_clauses(bounds)})"


def add_text(table: str, bounds: Mapping[str, str]) -> str:
    """The statement that adds months; rows that went to `p_future` meanwhile move to theirs."""
    return f"ALTER TABLE {table} REORGANIZE PARTITION {FUTURE} INTO ({_clauses(bounds)})"


def drop_text(table: str, names: Iterable[str]) -> str:
    """The statement that drops partitions and the rows in them."""
    return f"ALTER TABLE {table} DROP PARTITION {', '.join(f'`{name}`' for name in names)}"


def _clauses(bounds: Mapping[str, str]) -> str:
    months = [f"PARTITION {name} VALUES LESS THAN ('{bound}')" for name, bound in bounds.items()]
    return ", ".join([*months, _FUTURE_CLAUSE])


def _full_name(dialect: Dialect, table: Table, connection: Connection) -> str:
    preparer = dialect.identifier_preparer
    schema = connection.schema_for_object(table)
    return ".".join(preparer.quote(part) for part in (schema, table.name) if part)

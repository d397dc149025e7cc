"""The monthly partitions of RefreshTokens on MySQL and MariaDB, as DiracX 0.7.0 lays them out.

A token's month is the month in which its JTI (UUID version 7) was made, so expired tokens go by dropping a partition.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import Table

from diracx_bridge.db.sql.dates import next_month

MONTHS_AHEAD: Final = 24
FUTURE: Final = "p_future"


def lower_bound(time: datetime) -> str:
    """The smallest UUID version 7 of ``time`` (naive UTC), as 32 hexadecimal digits."""
    milliseconds = int(time.replace(tzinfo=UTC).timestamp() * 1000)
    return f"{milliseconds:012x}" + "7000" + "8000" + "0" * 12


def monthly(start: datetime, months: int = MONTHS_AHEAD) -> dict[str, str]:
    """Partition names (``p_2026_1``) and their exclusive upper bounds for ``months`` months from that of ``start``."""
    bounds: dict[str, str] = {}
    month = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(months):
        following = next_month(month)
        bounds[f"p_{month.year}_{month.month}"] = lower_bound(following)
        month = following
    return bounds


def add_partitions(connection: Connection, table: Table, *, now: datetime) -> None:
    """Partition the new, empty ``table`` by month, from the month of ``now`` on."""
    parts = [f"PARTITION {name} VALUES LESS THAN ('{bound}')" for name, bound in monthly(now).items()]
    parts.append(f"PARTITION {FUTURE} VALUES LESS THAN (MAXVALUE)")
    name = _full_name(connection.dialect, table, connection)
    connection.exec_driver_sql(f"ALTER TABLE {name} PARTITION BY RANGE COLUMNS (JTI) ({', '.join(parts)})")


def _full_name(dialect: Dialect, table: Table, connection: Connection) -> str:
    preparer = dialect.identifier_preparer
    schema = connection.schema_for_object(table)
    return ".".join(preparer.quote(part) for part in (schema, table.name) if part)

"""Maintenance of AuthDB: old tokens and logins go, months to come get their partitions.

On MySQL and MariaDB old tokens go by dropping the partitions of their months, which costs the same however many there
are. Elsewhere, and for logins, rows are deleted, a bounded number in each transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from diracx_bridge.db.sql.auth.flow_age import FRESH, FRESH_SQLITE
from diracx_bridge.db.sql.auth.partition_maintenance import PartitionChanges, maintain
from diracx_bridge.db.sql.auth.partitions import lower_bound, months_later
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction

BATCH: Final = 1000
"""Rows that one transaction deletes."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is kept, and how far ahead partitions are made."""

    keep_months: int = 6
    months_ahead: int = 12
    keep_flows_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, or with ``dry_run`` would be; ``partitions`` is None on SQLite, which has none."""

    dry_run: bool
    partitions: PartitionChanges | None
    deleted: dict[str, int]


async def clean_up(server: Server, policy: Policy, *, dry_run: bool = False, now: datetime | None = None) -> Report:
    """Do what is due. Two at a time do no harm; done again, nothing is left to do.

    Raises:
        SettingsError: RefreshTokens is partitioned in a way that is not ours or upstream's.
        Unavailable: the database does not answer, or a long transaction keeps the table.
    """
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    seconds = {"seconds": policy.keep_flows_minutes * 60}
    old: dict[str, tuple[_Old, dict[str, Any]]] = {
        "DeviceFlows": (DEVICE_FLOWS, seconds),
        "AuthorizationFlows": (AUTHORIZATION_FLOWS, seconds),
    }
    partitions = None
    if server.dialect == "sqlite":
        oldest = lower_bound(months_later(moment, -policy.keep_months))
        old["RefreshTokens"] = (TOKENS, {"oldest": oldest})
    else:
        partitions = await maintain(server, moment, policy.keep_months, policy.months_ahead, dry_run=dry_run)
    deleted = {table: await _delete(server, rows, dry_run, limit) for table, (rows, limit) in old.items()}
    return Report(dry_run, partitions, deleted)


@dataclass(frozen=True, slots=True)
class _Old:
    """The statements for old rows of a table: how many there are, and the removal of some of them."""

    count: Statement
    delete: Statement


def _old(table: str, key: str, condition: str, on_sqlite: str) -> _Old:
    name = f"{{AuthDB}}.{table}"
    some = f"SELECT {key} FROM {name} WHERE {on_sqlite} LIMIT {BATCH}"
    count = f"SELECT COUNT(*) FROM {name} WHERE "
    delete = f"DELETE FROM {name} WHERE {condition} LIMIT {BATCH}"
    return _Old(
        Statement(count + condition, sqlite=count + on_sqlite),
        Statement(delete, sqlite=f"DELETE FROM {name} WHERE {key} IN ({some})"),
    )


DEVICE_FLOWS: Final = _old("DeviceFlows", "UserCode", f"NOT ({FRESH})", f"NOT ({FRESH_SQLITE})")
AUTHORIZATION_FLOWS: Final = _old("AuthorizationFlows", "UUID", f"NOT ({FRESH})", f"NOT ({FRESH_SQLITE})")
TOKENS: Final = _old("RefreshTokens", "JTI", "JTI < :oldest", "JTI < :oldest")


async def _delete(server: Server, old: _Old, dry_run: bool, limit: dict[str, Any]) -> int:
    async def count(tx: Transaction) -> int:
        return int((await tx.execute(old.count, **limit))[0][0])

    found = await server.read(count)
    if not dry_run:
        for _ in range(0, found, BATCH):
            await server.write(lambda tx: tx.execute(old.delete, **limit))
    return found

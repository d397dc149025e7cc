"""Adding and dropping the partitions of RefreshTokens on MySQL and MariaDB while the services run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.db.sql.auth.partitions import (
    FUTURE,
    add_text,
    drop_text,
    due_changes,
    monthly,
    partition_text,
)
from diracx_bridge.db.sql.failures import is_denied
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction

PATIENCE_SECONDS: Final = 2
"""How long a change of partitions waits for the table. While it waits, everybody else waits behind it."""
Run = Callable[[str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class PartitionChanges:
    """What was done. ``busy``: somebody else was at it, and it was left to him; ``new``: there were none before."""

    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    new: bool = False
    busy: bool = False


async def maintain(
    server: Server, now: datetime, keep_months: int, months_ahead: int, *, dry_run: bool
) -> PartitionChanges:
    """Drop months that ended more than ``keep_months`` ago, and have partitions for ``months_ahead`` to come.

    Raises:
        SettingsError: the partitions are not as ours and upstream's are, or the user may not change them.
        Unavailable: the database does not answer, or transactions keep the table in use.
    """

    async def work(tx: Transaction) -> PartitionChanges:
        async def run(sql: str) -> Any:
            return await tx.execute(Statement(sql.replace("{", "{{").replace("}", "}}")))

        database = tx.databases["AuthDB"]
        lock = f"diracx_bridge_{hashlib.sha256(database.encode()).hexdigest()[:32]}"
        await run(f"SET SESSION lock_wait_timeout = {PATIENCE_SECONDS}")
        if (await run(f"SELECT GET_LOCK('{lock}', 0)"))[0][0] != 1:
            return PartitionChanges(busy=True)
        try:
            changes, statements = _due(
                f"{server.names['AuthDB']}.RefreshTokens", await _bounds(run, database), now, keep_months, months_ahead
            )
            for statement in () if dry_run else statements:
                await run(statement)
            return changes
        finally:
            await run(f"SELECT RELEASE_LOCK('{lock}')")

    try:
        return await server.write(work)
    except Exception as error:
        if not is_denied(error):
            raise
        raise SettingsError(
            "The database user may not change the partitions of RefreshTokens: grant ALTER and DROP on that table"
        ) from error


def _due(
    table: str, bounds: dict[str, str] | None, now: datetime, keep_months: int, months_ahead: int
) -> tuple[PartitionChanges, list[str]]:
    if bounds is None:
        months = monthly(now, months_ahead + 1)
        return PartitionChanges(tuple(months), new=True), [partition_text(table, months)]
    due = due_changes(bounds, now=now, keep_months=keep_months, months_ahead=months_ahead)
    statements = [add_text(table, due.add)] if due.add else []
    statements += [drop_text(table, due.drop)] if due.drop else []
    return PartitionChanges(tuple(due.add), due.drop), statements


async def _bounds(run: Run, database: str) -> dict[str, str] | None:
    """Upper bounds by name, without `p_future`; None for a table that has no partitions yet."""
    quoted = database.replace("\\", "\\\\").replace("'", "''")
    rows = await run(
        "SELECT PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION "
        f"FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = '{quoted}' AND TABLE_NAME = 'RefreshTokens'"
    )
    if not rows:
        raise SettingsError(
            f"{database} has no table RefreshTokens, or this user may not see it; see `diracx-bridge db check`"
        )
    if rows[0][0] is None:
        return None
    found = {str(name): re.sub(r"[^0-9a-z]", "", str(bound).lower()) for name, _, _, bound in rows}
    by_token = all(method == "RANGE COLUMNS" and "JTI" in str(by).upper() for _, method, by, _ in rows)
    last = found.pop(FUTURE, None)
    if not by_token or last != "maxvalue" or not all(re.fullmatch(r"[0-9a-f]{32}", bound) for bound in found.values()):
        raise SettingsError(
            f"RefreshTokens in {database} has partitions that are not by month of JTI with {FUTURE} at the end: remove "
            "them (ALTER TABLE RefreshTokens REMOVE PARTITIONING) and run this again, or look after them yourself"
        )
    return found

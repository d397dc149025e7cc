"""The table RevokedAccess: whose access tokens are refused although they have not ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from diracx_bridge.db.sql.statement import RowSet, Statement
from diracx_bridge.db.sql.times import from_database, to_database
from diracx_bridge.db.sql.transaction import Transaction

EVERYBODY: Final = ""
_TABLE: Final = "{BridgeDB}.RevokedAccess"
ADD: Final = Statement(
    f"INSERT INTO {_TABLE} (Sub, IssuedUntil) SELECT revoked.Sub, :until FROM {{revoked}} "
    "ON DUPLICATE KEY UPDATE IssuedUntil = GREATEST(IssuedUntil, :until)",
    sqlite=f"INSERT INTO {_TABLE} (Sub, IssuedUntil) SELECT revoked.Sub, :until FROM {{revoked}} WHERE true "
    "ON CONFLICT DO UPDATE SET IssuedUntil = MAX(IssuedUntil, excluded.IssuedUntil)",
    revoked=RowSet(Sub="VARCHAR(256)"),
)
SINCE: Final = Statement(f"SELECT Sub, IssuedUntil FROM {_TABLE} WHERE IssuedUntil >= :since")
FORGET: Final = Statement(f"DELETE FROM {_TABLE} WHERE IssuedUntil < :before")


def all_of(vo: str) -> str:
    """What stands in ``Sub`` for all users of ``vo``."""
    return f"{vo}:"


async def add(tx: Transaction, subs: Iterable[str], until: datetime) -> None:
    """Refuse the access tokens of ``subs`` that were issued until then; a later time that is there already stays."""
    rows = [(sub,) for sub in sorted(set(subs))]
    await tx.execute(ADD, revoked=rows, until=to_database(until, tx.dialect))


async def since(tx: Transaction, time: datetime) -> dict[str, int]:
    """Until when (seconds since the epoch) access tokens are refused, by ``Sub``, where that is not before ``time``."""
    rows = await tx.execute(SINCE, since=to_database(time, tx.dialect))
    found = {str(sub): from_database(until) for sub, until in rows}
    return {sub: int(until.timestamp()) for sub, until in found.items() if until is not None}


async def forget(tx: Transaction, before: datetime) -> None:
    """Remove what was revoked before this time; there is a row for each user at most."""
    await tx.execute(FORGET, before=to_database(before, tx.dialect))

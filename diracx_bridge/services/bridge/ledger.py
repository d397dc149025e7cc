"""The ledger of the installation: batches of the doors in, sums and mismatches out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from diracx_bridge.core.errors import InvalidInput, PermissionDenied
from diracx_bridge.core.models.ledger import LedgerBatch
from diracx_bridge.core.properties import JOB_ADMINISTRATOR, OPERATOR, SERVICE_ADMINISTRATOR
from diracx_bridge.core.settings import Settings
from diracx_bridge.db.sql.bridge.ledger import LedgerTables
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal

READERS: Final = (SERVICE_ADMINISTRATOR, JOB_ADMINISTRATOR, OPERATOR)
LARGEST: Final = 60_000
"""Bytes of an example; the column holds 65,535."""
tables = LedgerTables()


async def record(server: Server, batch: LedgerBatch, user: Principal | None) -> None:
    """Add a batch; a ``user`` speaks for himself only, ``None`` is DIRAC, which speaks for its callers.

    Raises:
        InvalidInput: an example is too large.
    """
    now = datetime.now(UTC)
    who = {} if user is None else {"VO": user.vo, "UserGroup": user.group, "UserName": user.preferred_username}
    calls = [
        {
            "Service": c.service, "Method": c.method, "VO": c.vo, "UserGroup": c.group, "UserName": c.user,
            "Stage": c.stage, "Side": c.side, "Outcome": c.outcome, "Reason": c.reason, "Comparison": c.comparison,
            "Calls": c.count, "Seconds": c.seconds, "Longest": c.longest, "Classes": c.classes, **who,
        }
        for c in batch.calls
    ]  # fmt: skip
    found = [
        {
            "Fingerprint": m.fingerprint, "Service": m.service, "Method": m.method, "What": m.what,
            "VO": m.vo if user is None else user.vo, "Legacy": _text(m.legacy), "DiracX": _text(m.diracx),
            "ReproducingCall": _text(m.call), "Occurrences": m.count,
        }
        for m in batch.mismatches
    ]  # fmt: skip

    async def work(tx: Transaction) -> None:
        await tables.add_calls(tx, calls, now)
        await tables.add_mismatches(tx, found, now)

    await server.write(work)


def readable_vo(settings: Settings, user: Principal, asked: str) -> str:
    """The VO whose lines ``user`` may see; empty: all of them.

    Raises:
        PermissionDenied: none, or not the one that was asked for.
    """
    if not user.has(*READERS):
        raise PermissionDenied(f"The ledger is for members of groups with one of {', '.join(READERS)}")
    everywhere = not settings.bridge_vo_boundaries or user.vo in settings.bridge_admin_vos
    if asked and asked != user.vo and not everywhere:
        raise PermissionDenied(f"The ledger of VO {asked} is for its administrators and those of the admin VOs")
    return asked or ("" if everywhere else user.vo)


async def counted_calls(server: Server, *, service: str, vo: str, hours: int) -> list[dict[str, Any]]:
    """Sums since that many hours, in the form of ``CallSummary``."""
    since = datetime.now(UTC) - timedelta(hours=hours)
    rows = await server.read(lambda tx: tables.calls(tx, service=service, vo=vo, since=since))
    return [{**_lower(row), "count": row["Calls"]} for row in rows]


async def known_mismatches(
    server: Server, *, service: str, vo: str, hours: int, fingerprint: str
) -> list[dict[str, Any]]:
    """Mismatches seen since that many hours, in the form of ``KnownMismatch``."""
    since = datetime.now(UTC) - timedelta(hours=hours)

    async def read(tx: Transaction) -> list[dict[str, Any]]:
        return await tables.mismatches(tx, service=service, vo=vo, since=since, fingerprint=fingerprint)

    return [
        {
            **_lower(row),
            "legacy": orjson.loads(row["Legacy"]),
            "diracx": orjson.loads(row["DiracX"]),
            "call": orjson.loads(row["ReproducingCall"]),
            "count": row["Occurrences"],
            "first_seen": row["FirstSeen"],
            "last_seen": row["LastSeen"],
        }
        for row in await server.read(read)
    ]


async def forget_mismatches(server: Server, *, vo: str, fingerprint: str) -> None:
    """Forget mismatches that were dealt with."""
    await server.write(lambda tx: tables.remove_mismatches(tx, vo=vo, fingerprint=fingerprint))


def _lower(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in row.items()}


def _text(value: Any) -> str:
    text = orjson.dumps(value).decode()
    if len(text.encode()) > LARGEST:
        raise InvalidInput(f"An example of a mismatch is larger than {LARGEST} bytes: leave its values out")
    return text

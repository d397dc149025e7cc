"""The ledger in BridgeDB: what the doors counted, and the mismatches that they found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from diracx_bridge.db.sql.bridge.schema import LATENCY_CLASSES
from diracx_bridge.db.sql.statement import RowSet, Statement
from diracx_bridge.db.sql.times import from_database, to_database
from diracx_bridge.db.sql.transaction import Transaction

TEXTS: Final = (
    "Service", "Method", "VO", "UserGroup", "UserName", "Stage", "Side", "Outcome", "Reason", "Comparison"
)  # fmt: skip
CLASSES: Final = tuple(f"Class{number}" for number in range(LATENCY_CLASSES))
_SUMS: Final = ("Calls", "Seconds", *CLASSES)
_COUNTED: Final = ("CallKey", *TEXTS, "Calls", "Seconds", "Longest", *CLASSES)

ADD_CALLS: Final = Statement(
    f"INSERT INTO {{BridgeDB}}.RoutedCalls (Hour, {', '.join(_COUNTED)}) "
    f"SELECT :hour, {', '.join(f'added.{c}' for c in _COUNTED)} FROM {{added}} ON DUPLICATE KEY UPDATE "
    + ", ".join(f"RoutedCalls.{c} = RoutedCalls.{c} + added.{c}" for c in _SUMS)
    + ", RoutedCalls.Longest = GREATEST(RoutedCalls.Longest, added.Longest)",
    sqlite=f"INSERT INTO {{BridgeDB}}.RoutedCalls (Hour, {', '.join(_COUNTED)}) "
    f"SELECT :hour, {', '.join(f'added.{c}' for c in _COUNTED)} FROM {{added}} WHERE true ON CONFLICT DO UPDATE SET "
    + ", ".join(f"{c} = {c} + excluded.{c}" for c in _SUMS)
    + ", Longest = MAX(Longest, excluded.Longest)",
    added=RowSet(
        CallKey="VARCHAR(64)",
        **dict.fromkeys(TEXTS, "VARCHAR(128)"),
        Calls="BIGINT",
        Seconds="DOUBLE",
        Longest="DOUBLE",
        **dict.fromkeys(CLASSES, "BIGINT"),
    ),
)
GROUPS: Final = ("Service", "Method", "VO", "Stage", "Side", "Outcome", "Reason", "Comparison")
COUNTED: Final = Statement(
    f"SELECT {', '.join(GROUPS)}, SUM(Calls), SUM(Seconds), MAX(Longest), COUNT(DISTINCT UserName), "
    f"MIN(Hour), MAX(Hour), {', '.join(f'SUM({c})' for c in CLASSES)} FROM {{BridgeDB}}.RoutedCalls "
    "WHERE Hour >= :since AND (:service = '' OR Service = :service) AND (:vo = '' OR VO = :vo) "
    f"GROUP BY {', '.join(GROUPS)} ORDER BY {', '.join(GROUPS)}"
)
FORGET_CALLS: Final = Statement(
    "DELETE FROM {BridgeDB}.RoutedCalls WHERE Hour < :before ORDER BY Hour LIMIT :most",
    sqlite="DELETE FROM {BridgeDB}.RoutedCalls WHERE CallKey IN (SELECT CallKey FROM {BridgeDB}.RoutedCalls "
    "WHERE Hour < :before ORDER BY Hour LIMIT :most)",
)
_FOUND: Final = (
    "MismatchKey", "Fingerprint", "Service", "Method", "VO", "What", "Legacy", "DiracX", "ReproducingCall",
    "Occurrences",
)  # fmt: skip
ADD_MISMATCHES: Final = Statement(
    f"INSERT INTO {{BridgeDB}}.Mismatches ({', '.join(_FOUND)}, FirstSeen, LastSeen) "
    f"SELECT {', '.join(f'added.{c}' for c in _FOUND)}, :now, :now FROM {{added}} ON DUPLICATE KEY UPDATE "
    "Mismatches.Occurrences = Mismatches.Occurrences + added.Occurrences, Mismatches.LastSeen = :now",
    sqlite=f"INSERT INTO {{BridgeDB}}.Mismatches ({', '.join(_FOUND)}, FirstSeen, LastSeen) "
    f"SELECT {', '.join(f'added.{c}' for c in _FOUND)}, :now, :now FROM {{added}} WHERE true ON CONFLICT DO UPDATE SET "
    "Occurrences = Occurrences + excluded.Occurrences, LastSeen = excluded.LastSeen",
    added=RowSet(
        **dict.fromkeys(_FOUND[:6], "VARCHAR(128)"), **dict.fromkeys(_FOUND[6:9], "TEXT"), Occurrences="BIGINT"
    ),
)
MISMATCHES: Final = Statement(
    f"SELECT {', '.join(_FOUND[1:])}, FirstSeen, LastSeen FROM {{BridgeDB}}.Mismatches "
    "WHERE LastSeen >= :since AND (:service = '' OR Service = :service) AND (:vo = '' OR VO = :vo) "
    "AND (:fingerprint = '' OR Fingerprint LIKE :fingerprint) ORDER BY Occurrences DESC, Fingerprint LIMIT :most"
)
REMOVE_MISMATCHES: Final = Statement(
    "DELETE FROM {BridgeDB}.Mismatches WHERE (:vo = '' OR VO = :vo) AND Fingerprint LIKE :fingerprint"
)


class LedgerTables:
    """What is done with the tables of the ledger; every method costs one statement."""

    async def add_calls(self, tx: Transaction, lines: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Add counts to those of the hour; ``lines`` have the columns ``TEXTS``, Calls, Seconds, Longest, Classes."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        rows: dict[str, list[Any]] = {}
        for line in lines:
            texts = [str(line[name]) for name in TEXTS]
            key = _digest(hour.isoformat(), *texts)
            known = rows.setdefault(key, [key, *texts, 0, 0.0, 0.0, *(0 for _ in CLASSES)])
            start = 1 + len(TEXTS)
            known[start] += line["Calls"]
            known[start + 1] += line["Seconds"]
            known[start + 2] = max(known[start + 2], line["Longest"])
            for number, calls in enumerate(line["Classes"], start + 3):
                known[number] += calls
        if rows:
            await tx.execute(ADD_CALLS, added=[rows[key] for key in sorted(rows)], hour=to_database(hour, tx.dialect))

    async def calls(self, tx: Transaction, *, service: str, vo: str, since: datetime) -> list[dict[str, Any]]:
        """Counts since then, by ``GROUPS``; empty ``service`` and ``vo`` mean all of them."""
        rows = await tx.execute(COUNTED, service=service, vo=vo, since=to_database(since, tx.dialect))
        start = len(GROUPS)
        return [
            {
                **dict(zip(GROUPS, row, strict=False)),
                "Calls": int(row[start]),
                "Seconds": float(row[start + 1]),
                "Longest": float(row[start + 2]),
                "Users": int(row[start + 3]),
                "First": from_database(row[start + 4]),
                "Last": from_database(row[start + 5]),
                "Classes": [int(number) for number in row[start + 6 :]],
            }
            for row in rows
        ]

    async def add_mismatches(self, tx: Transaction, lines: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Add mismatches, or to the count of those that are known; ``lines`` have the columns of the table."""
        rows = {}
        for line in lines:
            key = _digest(line["Fingerprint"], line["VO"])
            rows[key] = (key, *(line[name] for name in _FOUND[1:]))
        if rows:
            await tx.execute(
                ADD_MISMATCHES, added=[rows[key] for key in sorted(rows)], now=to_database(now, tx.dialect)
            )

    async def mismatches(
        self, tx: Transaction, *, service: str, vo: str, since: datetime, fingerprint: str = "", most: int = 1000
    ) -> list[dict[str, Any]]:
        """Mismatches seen since then, the most frequent first; ``fingerprint`` may be its start."""
        rows = await tx.execute(
            MISMATCHES,
            service=service,
            vo=vo,
            since=to_database(since, tx.dialect),
            fingerprint=f"{fingerprint}%" if fingerprint else "",
            most=most,
        )
        return [
            {
                **dict(zip(_FOUND[1:], row, strict=False)),
                "FirstSeen": from_database(row[-2]),
                "LastSeen": from_database(row[-1]),
            }
            for row in rows
        ]

    async def remove_mismatches(self, tx: Transaction, *, vo: str, fingerprint: str) -> None:
        """Forget mismatches whose fingerprint starts so; an empty ``vo`` means all VOs."""
        await tx.execute(REMOVE_MISMATCHES, vo=vo, fingerprint=f"{fingerprint}%")

    async def forget_calls(self, tx: Transaction, before: datetime, *, most: int) -> None:
        """Remove up to ``most`` counts from before this time, the oldest first."""
        await tx.execute(FORGET_CALLS, before=to_database(before, tx.dialect), most=most)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()

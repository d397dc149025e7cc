"""SandboxMetadataDB: sandboxes that nobody uses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import insert

from diracx_bridge.db.sql.sandbox_metadata.schema import sandboxes
from diracx_bridge.db.sql.statement import IDS, WANTED, Statement, id_rows
from diracx_bridge.db.sql.times import from_database, to_database
from diracx_bridge.db.sql.transaction import Transaction

_UNUSED: Final = (
    "s.LastAccessTime < :before "
    "AND NOT EXISTS (SELECT 1 FROM {SandboxMetadataDB}.sb_EntityMapping m WHERE m.SBId = s.SBId)"
)
AFTER: Final = Statement(
    "SELECT s.SBId, s.SEPFN, s.Bytes FROM {SandboxMetadataDB}.sb_SandBoxes s WHERE s.SBId > :after "
    f"AND s.SEName = :se AND s.SEPFN LIKE :pfns AND {_UNUSED} ORDER BY s.SBId LIMIT :most"
)
LOCK: Final = Statement(
    f"SELECT s.SBId FROM {WANTED} STRAIGHT_JOIN {{SandboxMetadataDB}}.sb_SandBoxes s ON s.SBId = wanted.id "
    "ORDER BY s.SBId FOR UPDATE",
    sqlite="SELECT s.SBId FROM {ids} JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId = ids.id",
    ids=IDS,
)
_WHOLE: Final = "s.SBId, s.SEPFN, s.Bytes, s.OwnerId, s.Assigned, s.RegistrationTime, s.LastAccessTime"
STILL_UNUSED: Final = Statement(
    f"SELECT {_WHOLE} FROM {{ids}} STRAIGHT_JOIN {{SandboxMetadataDB}}.sb_SandBoxes s ON s.SBId = ids.id "
    f"WHERE {_UNUSED} ORDER BY s.SBId",
    sqlite=f"SELECT {_WHOLE} FROM {{ids}} JOIN {{SandboxMetadataDB}}.sb_SandBoxes s ON s.SBId = ids.id "
    f"WHERE {_UNUSED} ORDER BY s.SBId",
    ids=IDS,
)
REMOVE: Final = Statement(
    "DELETE s FROM {ids} STRAIGHT_JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId = ids.id",
    sqlite="DELETE FROM {SandboxMetadataDB}.sb_SandBoxes WHERE SBId IN (SELECT id FROM {ids})",
    ids=IDS,
)


class UnusedSandbox(NamedTuple):
    """A sandbox that no job uses: ``size`` in bytes, as it was announced; the rest is known of locked ones only."""

    id: int
    sepfn: str
    size: int
    owner_id: int = 0
    assigned: int = 0
    registered: datetime | str | None = None
    last_access: datetime | str | None = None


class UnusedSandboxes:
    """The sandboxes in the bucket ``bucket`` of the storage element ``se`` that no job uses.

    DIRAC's flag ``Assigned`` is not looked at: legacy leaves it set, and the rows of sb_EntityMapping say it all.
    """

    def __init__(self, se: str, bucket: str) -> None:
        self._prefix = f"/S3/{bucket}/"
        self._where = {"se": se, "pfns": f"{self._prefix}%"}

    def key_of(self, sandbox: UnusedSandbox) -> str:
        """Its name in the bucket."""
        return sandbox.sepfn[len(self._prefix) :]

    async def after(self, tx: Transaction, after: int, before: datetime, most: int) -> list[UnusedSandbox]:
        """The next ones by id that were last asked for before ``before``; one pass over the table in all."""
        time = to_database(before, tx.dialect)
        rows = await tx.execute(AFTER, **self._where, after=after, before=time, most=most)
        return [UnusedSandbox(*row) for row in rows]

    async def lock(self, tx: Transaction, found: Iterable[UnusedSandbox], before: datetime) -> list[UnusedSandbox]:
        """Those of ``found`` that are still there and still unused, locked until the transaction ends.

        It is looked at anew once the locks are there: the statement that waits for them sees the past.
        """
        ids = id_rows(sandbox.id for sandbox in found)
        await tx.execute(LOCK, ids=ids)
        rows = await tx.execute(STILL_UNUSED, ids=ids, before=to_database(before, tx.dialect))
        return [UnusedSandbox(*row) for row in rows]

    async def put_back(self, tx: Transaction, found: Iterable[UnusedSandbox]) -> None:
        """Register sandboxes again that were removed in this transaction."""
        rows = [
            {
                "SBId": sandbox.id,
                "OwnerId": sandbox.owner_id,
                "SEName": self._where["se"],
                "SEPFN": sandbox.sepfn,
                "Bytes": sandbox.size,
                "Assigned": sandbox.assigned,
                "RegistrationTime": _naive(sandbox.registered),
                "LastAccessTime": _naive(sandbox.last_access),
            }
            for sandbox in found
        ]
        if rows:
            await tx.raw(insert(sandboxes), rows)

    async def remove(self, tx: Transaction, found: Iterable[UnusedSandbox]) -> None:
        """Forget sandboxes; lock them first."""
        await tx.execute(REMOVE, ids=id_rows(sandbox.id for sandbox in found))


def _naive(value: datetime | str | None) -> datetime | None:
    time = from_database(value)
    return None if time is None else time.replace(tzinfo=None)

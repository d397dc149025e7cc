"""SandboxMetadataDB: which sandboxes there are, whose they are, and which jobs use them.

Nothing is deleted that a job may be about to use: who uses a sandbox, touches it or deletes it locks its row first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import select, tuple_

from diracx_bridge.db.sql.sandbox_metadata.schema import owners, sandboxes
from diracx_bridge.db.sql.statement import IDS, LARGEST_ID, WANTED, RowSet, Statement, id_rows
from diracx_bridge.db.sql.times import from_database, to_database
from diracx_bridge.db.sql.transaction import Transaction

Kind = Literal["Input", "Output"]

OWNER_OF: Final = ", ".join(
    f"(SELECT o.{column} FROM {{SandboxMetadataDB}}.sb_Owners o WHERE o.OwnerId = s.OwnerId)"
    for column in ("Owner", "OwnerGroup", "VO")
)
"""Sub-queries instead of a join: the row of the owner is not locked."""
ENTITY: Final = {"mysql": "CONCAT('Job:', {0})", "sqlite": "'Job:' || {0}"}
"""How a job is called in sb_EntityMapping. (Made from a number, so that it has no collation of its own to differ.)"""

FOR_UPLOAD: Final = Statement(
    "SELECT (SELECT MIN(o.OwnerId) FROM {SandboxMetadataDB}.sb_Owners o WHERE o.Owner = :owner "
    "AND o.OwnerGroup = :owner_group AND o.VO = :vo), s.SBId FROM (SELECT 1 AS one) AS one "
    "LEFT JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SEName = :se AND s.SEPFN = :pfn FOR UPDATE",
    sqlite="SELECT (SELECT MIN(o.OwnerId) FROM {SandboxMetadataDB}.sb_Owners o WHERE o.Owner = :owner "
    "AND o.OwnerGroup = :owner_group AND o.VO = :vo), s.SBId FROM (SELECT 1 AS one) AS one "
    "LEFT JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SEName = :se AND s.SEPFN = :pfn",
)
_ADD_NEW: Final = (
    "INSERT INTO {SandboxMetadataDB}.sb_SandBoxes (OwnerId, SEName, SEPFN, Bytes, RegistrationTime, LastAccessTime) "
    "SELECT MIN(o.OwnerId), :se, :pfn, :size, :now, :now FROM {SandboxMetadataDB}.sb_Owners o "
    "WHERE o.Owner = :owner AND o.OwnerGroup = :owner_group AND o.VO = :vo AND NOT EXISTS "
    "(SELECT 1 FROM {SandboxMetadataDB}.sb_SandBoxes s WHERE s.SEName = :se AND s.SEPFN = :pfn) "
    "HAVING MIN(o.OwnerId) IS NOT NULL "
)
ADD_NEW: Final = Statement(
    _ADD_NEW + "ON DUPLICATE KEY UPDATE LastAccessTime = :now",
    sqlite=_ADD_NEW + "ON CONFLICT DO UPDATE SET LastAccessTime = :now",
)
ADD_OWNER: Final = Statement(
    "INSERT INTO {SandboxMetadataDB}.sb_Owners (Owner, OwnerGroup, VO) VALUES (:owner, :owner_group, :vo)"
)
ADD: Final = Statement(
    "INSERT INTO {SandboxMetadataDB}.sb_SandBoxes (OwnerId, SEName, SEPFN, Bytes, RegistrationTime, LastAccessTime) "
    "VALUES (COALESCE(:owner_id, (SELECT MIN(o.OwnerId) FROM {SandboxMetadataDB}.sb_Owners o WHERE o.Owner = :owner "
    "AND o.OwnerGroup = :owner_group AND o.VO = :vo)), :se, :pfn, :size, :now, :now) "
    "ON DUPLICATE KEY UPDATE LastAccessTime = :now",
    sqlite="INSERT INTO {SandboxMetadataDB}.sb_SandBoxes "
    "(OwnerId, SEName, SEPFN, Bytes, RegistrationTime, LastAccessTime) "
    "VALUES (COALESCE(:owner_id, (SELECT MIN(o.OwnerId) FROM {SandboxMetadataDB}.sb_Owners o WHERE o.Owner = :owner "
    "AND o.OwnerGroup = :owner_group AND o.VO = :vo)), :se, :pfn, :size, :now, :now) "
    "ON CONFLICT DO UPDATE SET LastAccessTime = :now",
)
TOUCH: Final = Statement("UPDATE {SandboxMetadataDB}.sb_SandBoxes SET LastAccessTime = :now WHERE SBId = :id")
FIND: Final = Statement(
    f"SELECT s.SBId, s.SEName, s.SEPFN, s.LastAccessTime, {OWNER_OF} "
    "FROM {SandboxMetadataDB}.sb_SandBoxes s WHERE s.SEName = :se AND s.SEPFN = :pfn"
)
LOCK: Final = Statement(
    f"SELECT s.SBId, s.SEName, s.SEPFN, s.LastAccessTime, {OWNER_OF} "
    "FROM {SandboxMetadataDB}.sb_SandBoxes s WHERE s.SEName = :se AND s.SEPFN = :pfn FOR UPDATE",
    sqlite=f"SELECT s.SBId, s.SEName, s.SEPFN, s.LastAccessTime, {OWNER_OF} "
    "FROM {SandboxMetadataDB}.sb_SandBoxes s WHERE s.SEName = :se AND s.SEPFN = :pfn",
)
OF_JOB: Final = Statement(
    "SELECT j.Owner, j.VO, used.Type, used.SEName, used.SEPFN FROM {JobDB}.Jobs j LEFT JOIN "
    "(SELECT m.Type, s.SEName, s.SEPFN, s.SBId FROM {SandboxMetadataDB}.sb_EntityMapping m "
    "JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId = m.SBId WHERE m.EntityId = :entity) AS used ON 1 = 1 "
    "WHERE j.JobID = :job ORDER BY used.SBId"
)
ASSIGN: Final = Statement(
    f"INSERT INTO {{SandboxMetadataDB}}.sb_EntityMapping (SBId, EntityId, Type) "
    f"SELECT uses.sandbox, {ENTITY['mysql'].format('uses.job')}, :kind FROM {{uses}} "
    "ON DUPLICATE KEY UPDATE SBId = uses.sandbox",
    sqlite=f"INSERT INTO {{SandboxMetadataDB}}.sb_EntityMapping (SBId, EntityId, Type) "
    f"SELECT uses.sandbox, {ENTITY['sqlite'].format('uses.job')}, :kind FROM {{uses}} WHERE true "
    "ON CONFLICT DO NOTHING",
    uses=RowSet(sandbox="BIGINT UNSIGNED", job="BIGINT UNSIGNED"),
)
MARK: Final = Statement(
    "UPDATE {ids} STRAIGHT_JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId = ids.id SET s.Assigned = 1",
    sqlite="UPDATE {SandboxMetadataDB}.sb_SandBoxes SET Assigned = 1 WHERE SBId IN (SELECT id FROM {ids})",
    ids=IDS,
)
USED_BY: Final = Statement(
    f"SELECT s.SBId FROM {WANTED} STRAIGHT_JOIN {{SandboxMetadataDB}}.sb_EntityMapping m "
    f"ON m.EntityId = {ENTITY['mysql'].format('wanted.id')} "
    "STRAIGHT_JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId = m.SBId ORDER BY s.SBId FOR UPDATE",
    sqlite=f"SELECT s.SBId FROM {{ids}} JOIN {{SandboxMetadataDB}}.sb_EntityMapping m "
    f"ON m.EntityId = {ENTITY['sqlite'].format('ids.id')} "
    "JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId = m.SBId",
    ids=IDS,
)
UNASSIGN: Final = Statement(
    f"DELETE m FROM {{ids}} STRAIGHT_JOIN {{SandboxMetadataDB}}.sb_EntityMapping m "
    f"ON m.EntityId = {ENTITY['mysql'].format('ids.id')}",
    sqlite=f"DELETE FROM {{SandboxMetadataDB}}.sb_EntityMapping "
    f"WHERE EntityId IN (SELECT {ENTITY['sqlite'].format('id')} FROM {{ids}})",
    ids=IDS,
)
UNMARK: Final = Statement(
    "UPDATE {ids} STRAIGHT_JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId = ids.id SET s.Assigned = 0 "
    "WHERE NOT EXISTS (SELECT 1 FROM {SandboxMetadataDB}.sb_EntityMapping m WHERE m.SBId = s.SBId)",
    sqlite="UPDATE {SandboxMetadataDB}.sb_SandBoxes AS s SET Assigned = 0 WHERE SBId IN (SELECT id FROM {ids}) "
    "AND NOT EXISTS (SELECT 1 FROM {SandboxMetadataDB}.sb_EntityMapping m WHERE m.SBId = s.SBId)",
    ids=IDS,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a sandbox is."""

    user: str
    group: str
    vo: str


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A registered sandbox; ``owner`` is None if its row is missing."""

    id: int
    se: str
    sepfn: str
    last_access: datetime | None
    owner: Owner | None


@dataclass(frozen=True, slots=True)
class JobSandboxes:
    """A job's owner and VO, and its sandboxes: (kind, storage element, SEPFN) in the order of registration."""

    owner: str
    vo: str
    used: list[tuple[str, str, str]]


class SandboxMetadataDB:
    """What is done with the tables of sandboxes; every method costs a fixed number of statements."""

    async def register_new(self, tx: Transaction, owner: Owner, se: str, pfn: str, size: int, now: datetime) -> bool:
        """Register a sandbox, by one statement; False, and nothing is done, if it is there or the owner has no row.

        Of two who do so at the same time both hear True.
        """
        by = {"owner": owner.user, "owner_group": owner.group, "vo": owner.vo}
        time = to_database(now, tx.dialect)
        return await tx.affected(ADD_NEW, **by, se=se, pfn=pfn, size=size, now=time) > 0

    async def register(self, tx: Transaction, owner: Owner, se: str, pfn: str, size: int, now: datetime) -> bool:
        """Register a sandbox, or note that the one which is there was asked for; True if it is new."""
        by = {"owner": owner.user, "owner_group": owner.group, "vo": owner.vo}
        time = to_database(now, tx.dialect)
        ((owner_id, sandbox),) = await tx.execute(FOR_UPLOAD, **by, se=se, pfn=pfn)
        if sandbox is not None:
            tx.enqueue(TOUCH, id=sandbox, now=time)
            return False
        if owner_id is None:
            tx.enqueue(ADD_OWNER, **by)
        tx.enqueue(ADD, **by, owner_id=owner_id, se=se, pfn=pfn, size=size, now=time)
        return True

    async def find(self, tx: Transaction, se: str, pfn: str, *, lock: bool = False) -> Sandbox | None:
        """The sandbox, locked until the transaction ends if ``lock``; None if there is none."""
        rows = await tx.execute(LOCK if lock else FIND, se=se, pfn=pfn)
        return _sandbox(rows[0]) if rows else None

    async def touch(self, tx: Transaction, sandbox: int, now: datetime) -> None:
        """Note that a sandbox was used."""
        await tx.execute(TOUCH, id=sandbox, now=to_database(now, tx.dialect))

    async def of_job(self, tx: Transaction, job: int) -> JobSandboxes | None:
        """What a job uses and whose it is; None if there is no such job."""
        if not 0 < job <= LARGEST_ID:
            return None
        rows = await tx.execute(OF_JOB, job=job, entity=f"Job:{job}")
        used = [(row[2], row[3], row[4]) for row in rows if row[2] is not None]
        return JobSandboxes(rows[0][0], rows[0][1], used) if rows else None

    async def lock_all(self, tx: Transaction, pfns: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Sandbox]:
        """The sandboxes that exist among (storage element, SEPFN), locked until the transaction ends."""
        wanted = sorted(set(pfns))
        if not wanted:
            return {}
        s, o = sandboxes.c, owners.c
        owner = [select(c).where(o.OwnerId == s.OwnerId).scalar_subquery() for c in (o.Owner, o.OwnerGroup, o.VO)]
        rows = await tx.raw(
            select(s.SBId, s.SEName, s.SEPFN, s.LastAccessTime, *owner)
            .where(tuple_(s.SEName, s.SEPFN).in_(wanted))
            .order_by(s.SBId)
            .with_for_update()
        )
        return {(row[1], row[2]): _sandbox(row) for row in rows}

    async def assign(self, tx: Transaction, uses: Iterable[tuple[int, int]], kind: Kind) -> None:
        """Let jobs use sandboxes: (sandbox id, job id). The sandboxes are locked, and what is assigned stays so."""
        rows = sorted(set(uses))
        if rows:
            tx.enqueue(ASSIGN, uses=rows, kind=kind)
            tx.enqueue(MARK, ids=id_rows({sandbox for sandbox, _ in rows}))

    async def unassign(self, tx: Transaction, jobs: Iterable[int]) -> None:
        """Let jobs use no sandboxes any more; those that no other job uses are marked as free, each for itself."""
        ids = id_rows(jobs)
        if used := {row[0] for row in await tx.execute(USED_BY, ids=ids)}:
            tx.enqueue(UNASSIGN, ids=ids)
            tx.enqueue(UNMARK, ids=id_rows(used))


def _sandbox(row: Sequence[Any]) -> Sandbox:
    id_, se, pfn, last_access, user, group, vo = row
    owner = None if user is None else Owner(user, group, vo)
    return Sandbox(id_, se, pfn, from_database(last_access), owner)

"""Removing sandboxes that no job uses and nobody asked for in a long time: archive and registration."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from diracx_bridge.db.sandbox_store.interface import SandboxStore
from diracx_bridge.db.sql.sandbox_metadata.unused import UnusedSandbox, UnusedSandboxes
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.transaction import Transaction


@dataclass(slots=True)
class Cleaned:
    """What was removed: ``sandboxes``, ``size`` in bytes as registered; ``failed`` says what could not be, and why."""

    sandboxes: int = 0
    size: int = 0
    failed: dict[str, str] = field(default_factory=dict)


async def unused(
    server: Server, database: UnusedSandboxes, before: datetime, chunk: int
) -> AsyncIterator[list[UnusedSandbox]]:
    """The sandboxes that can be removed now, at most ``chunk`` at a time; nothing is locked."""
    after = 0
    while found := await server.read(partial(database.after, after=after, before=before, most=chunk)):
        yield found
        after = found[-1].id


async def clean(
    server: Server, database: UnusedSandboxes, store: SandboxStore, *, before: datetime, chunk: int = 1000
) -> Cleaned:
    """Remove the sandboxes of ``store`` that no job uses and that were last asked for ``before`` that time.

    Each chunk is a transaction which holds the rows while the archives are deleted: who wants to use such a sandbox, or
    to upload it again, waits, and then finds it gone. The rows go only with their archives, so a failure of the store,
    or the death of this process, leaves rows behind, which the next run removes; never an archive without its row.

    Raises:
        Unavailable: the store or the database does not answer; what was removed before stays removed.
    """
    await store.check()
    cleaned = Cleaned()
    async for candidates in unused(server, database, before, chunk):
        removed, failed = await server.write(partial(_remove, database, store, candidates, before))
        cleaned.sandboxes += len(removed)
        cleaned.size += sum(sandbox.size for sandbox in removed)
        cleaned.failed |= failed
    return cleaned


async def _remove(
    database: UnusedSandboxes, store: SandboxStore, candidates: list[UnusedSandbox], before: datetime, tx: Transaction
) -> tuple[list[UnusedSandbox], dict[str, str]]:
    locked = await database.lock(tx, candidates, before)
    keys = {sandbox.id: database.key_of(sandbox) for sandbox in locked}
    await database.remove(tx, locked)
    # Nothing can be lost now but the connection: no lock is waited for after this, so nothing is done twice.
    failed = await store.delete(list(keys.values()))
    await database.put_back(tx, [sandbox for sandbox in locked if keys[sandbox.id] in failed])
    return [sandbox for sandbox in locked if keys[sandbox.id] not in failed], failed

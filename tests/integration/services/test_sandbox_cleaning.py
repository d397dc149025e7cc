"""Removing sandboxes that nobody uses, beside services and legacy that go on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from typer.testing import CliRunner

from diracx_bridge.cli.main import app
from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sandbox_store.cleaning import Cleaned, clean
from diracx_bridge.db.sql.sandbox_metadata.schema import entity_mapping, owners, sandboxes
from diracx_bridge.db.sql.sandbox_metadata.unused import UnusedSandboxes
from diracx_bridge.db.sql.transaction import Transaction
from tests.installation import Installation, running, settings_for
from tests.integration.services.sandbox_stores import Archive, file_settings, s3_settings, upload
from tests.jobs import Jobs
from tests.live import environment_of
from tests.servers.s3 import S3

LONG_AGO = datetime(2020, 1, 1)


async def cleaning(installation: Installation, *, chunk: int = 1000) -> Cleaned:
    """Remove what was not asked for in fifteen days."""
    parts = installation.runtime.sandboxes
    before = datetime.now(UTC) - timedelta(days=15)
    database = UnusedSandboxes(parts.se_name, parts.store.bucket)
    return await clean(installation.runtime.jobs.server, database, parts.store, before=before, chunk=chunk)


async def age(installation: Installation, *pfns: str) -> None:
    """Let sandboxes have been asked for long ago; all of them if none is named."""
    statement = update(sandboxes).values(LastAccessTime=LONG_AGO)
    if pfns:
        statement = statement.where(sandboxes.c.SEPFN.in_([pfn.partition("|")[2] for pfn in pfns]))
    await installation.runtime.jobs.server.write(lambda tx: tx.raw(statement))


async def registered(installation: Installation) -> set[str]:
    async def work(tx: Transaction) -> set[str]:
        return {f"SB:{row.SEName}|{row.SEPFN}" for row in await tx.raw(select(sandboxes))}

    found: set[str] = await installation.runtime.jobs.server.read(work)
    return found


async def url_of(installation: Installation, archive: Archive) -> str | None:
    """Where the archive has to be uploaded; None if it is there."""
    answer = await installation.call("POST", "/api/jobs/sandbox", archive.info())
    assert answer.status_code == 200, answer.text
    url: str | None = answer.json()["url"]
    return url


async def test_only_what_nobody_uses_and_is_old_is_removed(installation: Installation) -> None:
    (job,) = await Jobs(installation.runtime.jobs.server).add()
    old, used, young, freed = [Archive.new() for _ in range(4)]
    pfns = [await upload(installation, archive) for archive in (old, used, young, freed)]
    for pfn in (pfns[3], pfns[1]):
        if pfn == pfns[1]:
            await installation.call("DELETE", f"/api/jobs/{job}/sandbox")
        assert (await installation.call("PATCH", f"/api/jobs/{job}/sandbox/output", pfn)).is_success
    await age(installation, pfns[0], pfns[1], pfns[3])
    cleaned = await cleaning(installation)
    assert (cleaned.sandboxes, cleaned.size, cleaned.failed) == (2, 2000, {})
    assert await registered(installation) == {pfns[1], pfns[2]}
    assert [await url_of(installation, archive) is None for archive in (used, young)] == [True, True]
    assert [await url_of(installation, archive) is None for archive in (old, freed)] == [False, False]


async def test_sandboxes_of_others_stay(installation: Installation) -> None:
    await upload(installation, Archive.new())
    for values in (
        {"SEName": "Other"},
        {"SEPFN": "/S3/another-bucket/a/b/c/x"},
        {"SEPFN": "/SandBox/a/alice/1.tar.bz2"},
    ):
        await installation.runtime.jobs.server.write(
            lambda tx, values=values: tx.raw(update(sandboxes).values({"SEName": "SandboxSE", **values}))
        )
        await age(installation)
        assert (await cleaning(installation)).sandboxes == 0


async def test_chunks_come_to_an_end_when_the_store_deletes_only_some(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    pfns = sorted([await upload(installation, Archive.new()) for _ in range(7)])
    await age(installation)
    store = installation.runtime.sandboxes.store
    stuck = {pfn.partition(f"{store.bucket}/")[2] for pfn in pfns[::3]}
    delete = store.delete

    async def refusing(keys: Collection[str]) -> dict[str, str]:
        failed: dict[str, str] = await delete([key for key in keys if key not in stuck])
        return failed | {key: "AccessDenied" for key in keys if key in stuck}

    with monkeypatch.context() as patch:
        patch.setattr(store, "delete", refusing)
        cleaned = await cleaning(installation, chunk=2)
    assert (cleaned.sandboxes, cleaned.failed) == (4, dict.fromkeys(stuck, "AccessDenied"))
    assert await registered(installation) == set(pfns[::3])
    assert (await cleaning(installation, chunk=2)).sandboxes == 3


async def test_a_death_between_store_and_database_loses_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive.new()
    pfn = await upload(installation, archive)
    await age(installation)
    store = installation.runtime.sandboxes.store
    delete = store.delete

    async def dying(keys: Collection[str]) -> dict[str, str]:
        await delete(keys)
        raise Unavailable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(store, "delete", dying)
        with pytest.raises(Unavailable):
            await cleaning(installation)
    assert await registered(installation) == {pfn}
    assert await url_of(installation, archive) is not None
    assert await upload(installation, archive) == pfn
    await age(installation)
    assert (await cleaning(installation)).sandboxes == 1


@pytest.mark.parametrize("database_urls", ["mariadb", "mysql"], indirect=True)
async def test_who_comes_while_a_sandbox_is_removed_waits_and_finds_it_gone(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job,) = await Jobs(installation.runtime.jobs.server).add()
    archive = Archive.new()
    pfn = await upload(installation, archive)
    await age(installation)
    store = installation.runtime.sandboxes.store
    delete, late = store.delete, []

    async def slow(keys: Collection[str]) -> dict[str, str]:
        late.append(asyncio.create_task(installation.call("PATCH", f"/api/jobs/{job}/sandbox/output", pfn)))
        late.append(asyncio.create_task(installation.call("POST", "/api/jobs/sandbox", archive.info())))
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in late)
        failed: dict[str, str] = await delete(keys)
        return failed

    monkeypatch.setattr(store, "delete", slow)
    assert (await cleaning(installation)).sandboxes == 1
    assigning, announcing = await asyncio.gather(*late)
    # whoever of the two is first: the sandbox is new, and its archive is not there
    assert assigning.status_code in (200, 400)
    assert announcing.json()["url"] is not None


@pytest.mark.parametrize("database_urls", ["mariadb", "mysql"], indirect=True)
async def test_a_sandbox_that_is_just_being_assigned_stays(installation: Installation) -> None:
    (job,) = await Jobs(installation.runtime.jobs.server).add()
    pfn = await upload(installation, Archive.new())
    await age(installation)
    stores = installation.runtime.jobs
    locked, go_on = asyncio.Event(), asyncio.Event()

    async def assigning(tx: Transaction) -> None:
        found = await stores.sandboxes.find(tx, "SandboxSE", pfn.partition("|")[2], lock=True)
        locked.set()
        await go_on.wait()
        await stores.sandboxes.assign(tx, [(found.id, job)], "Output")

    writing = asyncio.create_task(stores.server.write(assigning))
    await locked.wait()
    cleaner = asyncio.create_task(cleaning(installation))
    await asyncio.sleep(0.3)
    assert not cleaner.done()
    go_on.set()
    await writing
    assert (await cleaner).sandboxes == 0
    assert await registered(installation) == {pfn}


@pytest.mark.parametrize("kind", ["files", "s3"])
async def test_the_command_cleans_either_store(
    kind: str, s3: S3, sqlite_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = file_settings(tmp_path) if kind == "files" else s3_settings(s3)
    archive = Archive.new()

    async def invoke(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, app, ["sandboxes", "clean", *arguments])

    async with running(tmp_path, sqlite_urls, **store) as installation:
        await upload(installation, archive)
        await age(installation)
        for name, value in environment_of(settings_for(tmp_path, sqlite_urls, **store)).items():
            monkeypatch.setenv(name, value)
        told = await invoke("--dry-run")
        assert (told.exit_code, told.stdout) == (0, "would be removed: 1 sandboxes, 1000 bytes\n"), told.output
        assert await url_of(installation, archive) is None
        await age(installation)
        told = await invoke()
        assert (told.exit_code, told.stdout) == (0, "removed: 1 sandboxes, 1000 bytes\n"), told.output
        assert await url_of(installation, archive) is not None


@pytest.mark.parametrize("database_urls", ["mariadb"], indirect=True)
async def test_many_chunks_leave_what_is_used(installation: Installation) -> None:
    server = installation.runtime.jobs.server
    times = {"RegistrationTime": LONG_AGO, "LastAccessTime": LONG_AGO}
    rows = [{"OwnerId": 1, "SEName": "SandboxSE", "SEPFN": f"/S3/sandboxes/a/b/c/{n}", **times} for n in range(3000)]
    await server.write(lambda tx: tx.raw(insert(sandboxes), rows))
    await server.write(lambda tx: tx.raw(insert(owners), {"Owner": "a", "OwnerGroup": "b", "VO": "c"}))
    used = {"EntityId": "Job:1", "Type": "Input"}

    async def ids(tx: Transaction) -> list[int]:
        return [row.SBId for row in await tx.raw(select(sandboxes.c.SBId).order_by(sandboxes.c.SBId))]

    found = await server.read(ids)
    await server.write(lambda tx: tx.raw(insert(entity_mapping), [{"SBId": n, **used} for n in found[::2]]))
    assert (await cleaning(installation, chunk=400)).sandboxes == 1500
    assert await server.read(ids) == found[::2]

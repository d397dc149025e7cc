"""Which sandboxes there are and which jobs use them, on each kind of database with DIRAC's own tables."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from diracx_bridge.db.sql.sandbox_metadata.db import Owner
from diracx_bridge.db.sql.sandbox_metadata.schema import entity_mapping, owners, sandboxes
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.jobs.input_sandboxes import assign_input_sandboxes
from tests.installation import Installation
from tests.integration.services.sandbox_stores import Archive, upload
from tests.jobs import Jobs

ADMIN = {"user": "admin", "group": "gridlab_admin"}
PILOT = {"user": "pilot", "group": "gridlab_pilot"}
CAROL = {"user": "carol", "group": "biolab_user"}
CAROL_ADMIN = {"user": "carol", "group": "biolab_admin"}
LONG_AGO = datetime(2020, 1, 1)


async def rows(installation: Installation, statement: Any) -> list[dict[str, Any]]:
    async def work(tx: Transaction) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in await tx.raw(statement)]

    found: list[dict[str, Any]] = await installation.runtime.jobs.server.read(work)
    return found


async def run(installation: Installation, statement: Any, values: Any = None) -> None:
    await installation.runtime.jobs.server.write(lambda tx: tx.raw(statement, values))


async def assigned(installation: Installation) -> dict[str, int]:
    """The flag of each sandbox by its SEPFN."""
    found = await rows(installation, select(sandboxes.c.SEPFN, sandboxes.c.Assigned))
    return {row["SEPFN"]: row["Assigned"] for row in found}


async def assign(installation: Installation, job: int, pfn: str, **who: str) -> int:
    answer = await installation.call("PATCH", f"/api/jobs/{job}/sandbox/output", pfn, **who)
    return answer.status_code


def short(pfn: str) -> str:
    return pfn.partition("|")[2]


async def test_an_upload_is_registered_as_dirac_does(installation: Installation) -> None:
    archive = Archive.new()
    pfn = await upload(installation, archive)
    (row,) = await rows(installation, select(sandboxes, owners).where(owners.c.OwnerId == sandboxes.c.OwnerId))
    assert (row["Owner"], row["OwnerGroup"], row["VO"]) == ("alice", "gridlab_user", "gridlab")
    assert (row["SEName"], row["SEPFN"]) == ("SandboxSE", short(pfn))
    assert (row["Bytes"], row["Assigned"]) == (1000, 0)
    assert row["RegistrationTime"] == row["LastAccessTime"]


async def test_an_owner_is_registered_once_and_known_by_any_of_his_rows(installation: Installation) -> None:
    await upload(installation, Archive.new())
    alice = {"Owner": "alice", "OwnerGroup": "gridlab_user", "VO": "gridlab"}
    assert len(await rows(installation, select(owners))) == 1
    await run(installation, insert(owners), alice)
    (_, duplicate) = [row["OwnerId"] for row in await rows(installation, select(owners).order_by(owners.c.OwnerId))]
    pfn = await upload(installation, Archive.new())
    await run(installation, update(sandboxes).values(OwnerId=duplicate))
    assert len(await rows(installation, select(owners))) == 2
    answer = await installation.call("GET", "/api/jobs/sandbox", params={"pfn": pfn})
    assert answer.status_code == 200, answer.text


async def test_asking_for_a_sandbox_keeps_it(installation: Installation) -> None:
    archive = Archive.new()
    pfn = await upload(installation, archive)
    for ask in (
        lambda: installation.call("POST", "/api/jobs/sandbox", archive.info()),
        lambda: installation.call("GET", "/api/jobs/sandbox", params={"pfn": pfn}),
    ):
        await run(installation, update(sandboxes).values(LastAccessTime=LONG_AGO))
        assert (await ask()).status_code == 200
        (row,) = await rows(installation, select(sandboxes))
        assert row["LastAccessTime"].year > 2020


async def test_an_output_sandbox_is_assigned_and_listed(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    full = await upload(installation, Archive.new())
    other = await upload(installation, Archive.new())
    assert await assign(installation, job, full) == 200
    assert await assign(installation, job, short(other), **PILOT) == 200
    assert set((await assigned(installation)).values()) == {1}
    listed = await installation.call("GET", f"/api/jobs/{job}/sandbox")
    assert listed.json() == {"Input": [], "Output": [short(full), short(other)]}
    listed = await installation.call("GET", f"/api/jobs/{job}/sandbox/output", **ADMIN)
    assert listed.json() == [short(full), short(other)]
    assert (await installation.call("GET", f"/api/jobs/{job}/sandbox/input")).json() == []
    (first, _) = await rows(installation, select(entity_mapping).order_by(entity_mapping.c.SBId))
    assert (first["EntityId"], first["Type"]) == (f"Job:{job}", "Output")


async def test_assigning_again_changes_nothing(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    pfn = await upload(installation, Archive.new())
    assert [await assign(installation, job, pfn) for _ in range(2)] == [200, 200]
    assert len(await rows(installation, select(entity_mapping))) == 1


async def test_sandboxes_of_legacy_are_listed_with_their_storage_element(
    installation: Installation, jobs: Jobs
) -> None:
    (job,) = await jobs.add()
    await upload(installation, Archive.new())
    await run(installation, update(sandboxes).values(SEName="ProductionSandboxSE", SEPFN="/SandBox/a/alice/1.tar.bz2"))
    (row,) = await rows(installation, select(sandboxes))
    await run(installation, insert(entity_mapping), {"SBId": row["SBId"], "EntityId": f"Job:{job}", "Type": "Input"})
    listed = await installation.call("GET", f"/api/jobs/{job}/sandbox/input")
    assert listed.json() == ["SB:ProductionSandboxSE|/SandBox/a/alice/1.tar.bz2"]


async def test_the_storage_element_is_part_of_the_name(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    pfn = await upload(installation, Archive.new())
    assert await assign(installation, job, pfn.replace("SandboxSE", "Other-SE2")) == 400
    await run(installation, update(sandboxes).values(SEName="Other-SE2"))
    assert await assign(installation, job, pfn.replace("SandboxSE", "Other-SE2")) == 200
    assert await assign(installation, job, short(pfn)) == 400


async def test_foreign_jobs_and_sandboxes_are_refused_and_nothing_is_written(
    installation: Installation, jobs: Jobs
) -> None:
    (job,) = await jobs.add()
    (carols,) = await jobs.add(Owner="carol", OwnerGroup="biolab_user", VO="biolab")
    mine = await upload(installation, Archive.new())
    bobs = await upload(installation, Archive.new(), user="bob")
    for number, pfn, who in (
        (job, mine, {"user": "bob"}),
        (job, mine, CAROL),
        (job, mine, CAROL_ADMIN),
        (job, bobs, {}),
        (carols, mine, {}),
        (carols, mine, CAROL_ADMIN),
        (carols, mine, PILOT),
        (carols, mine, ADMIN),
        (2**40, mine, {}),
    ):
        assert await assign(installation, number, pfn, **who) == 403, (number, pfn, who)
    assert await rows(installation, select(entity_mapping)) == []
    assert await assign(installation, job, bobs, **PILOT) == 200


async def test_foreign_jobs_are_not_listed(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    for kind in ("", "/input"):
        for who in ({"user": "bob"}, PILOT, CAROL, CAROL_ADMIN):
            assert (await installation.call("GET", f"/api/jobs/{job}/sandbox{kind}", **who)).status_code == 403
    for unknown in (10**9, 10**30, -1):
        assert (await installation.call("GET", f"/api/jobs/{unknown}/sandbox")).status_code == 403
        assert (await installation.call("GET", f"/api/jobs/{unknown}/sandbox", **ADMIN)).status_code == 404


@pytest.mark.parametrize("bulk", [False, True], ids=["one job", "bulk"])
async def test_unassigned_sandboxes_are_free_unless_another_job_uses_them(
    installation: Installation, jobs: Jobs, bulk: bool
) -> None:
    one, two = await jobs.add(2)
    shared, alone = [await upload(installation, Archive.new()) for _ in range(2)]
    for job, pfn in ((one, shared), (one, alone), (two, shared)):
        assert await assign(installation, job, pfn) == 200
    if bulk:
        answer = await installation.call("POST", "/api/jobs/sandbox/unassign", {"job_ids": [one, one]})
        assert answer.status_code == 204
    else:
        answer = await installation.call("DELETE", f"/api/jobs/{one}/sandbox")
        assert (answer.status_code, answer.json()) == (200, None)
    assert await assigned(installation) == {short(shared): 1, short(alone): 0}
    assert (await installation.call("GET", f"/api/jobs/{one}/sandbox/output")).json() == []
    assert (await installation.call("GET", f"/api/jobs/{two}/sandbox/output")).json() == [short(shared)]
    await installation.call("POST", "/api/jobs/sandbox/unassign", {"job_ids": [two]})
    assert set((await assigned(installation)).values()) == {0}


async def test_unassigning_is_for_all_jobs_of_a_request_or_none(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add()
    (bobs,) = await jobs.add(Owner="bob")
    pfn = await upload(installation, Archive.new())
    await assign(installation, job, pfn)
    for ids, who, status in (
        ([job, bobs], {}, 403),
        ([job, 10**9], {}, 403),
        ([job, 10**9], ADMIN, 404),
        ([job], CAROL_ADMIN, 403),
    ):
        answer = await installation.call("POST", "/api/jobs/sandbox/unassign", {"job_ids": ids}, **who)
        assert answer.status_code == status, answer.text
    assert (await installation.call("DELETE", f"/api/jobs/{bobs}/sandbox")).status_code == 403
    assert (await installation.call("GET", f"/api/jobs/{job}/sandbox/output")).json() == [short(pfn)]
    assert (await installation.call("POST", "/api/jobs/sandbox/unassign", {"job_ids": []})).status_code == 204


async def test_input_sandboxes_of_several_jobs_are_assigned_in_the_transaction_of_their_submission(
    installation: Installation, jobs: Jobs
) -> None:
    one, two = await jobs.add(2)
    mine, other = [await upload(installation, Archive.new()) for _ in range(2)]
    bobs = await upload(installation, Archive.new(), user="bob")
    unknown = mine.replace("SandboxSE", "Else")
    named = {one: [mine, "LFN:/gridlab/a", "b.txt"], two: [mine, other, bobs, unknown, "SB:"]}
    alice = Owner("alice", "gridlab_user", "gridlab")
    stores = installation.runtime.jobs
    refused = await stores.server.write(lambda tx: assign_input_sandboxes(tx, stores, alice, named))
    assert refused == {two: [bobs, unknown]}
    listed = await installation.call("GET", f"/api/jobs/{two}/sandbox")
    assert listed.json() == {"Input": [short(mine), short(other)], "Output": []}
    assert await assigned(installation) == {short(mine): 1, short(other): 1, short(bobs): 0}
    assert await stores.server.write(lambda tx: assign_input_sandboxes(tx, stores, alice, {one: [mine]})) == {}


async def test_jobs_use_the_sandboxes_that_their_descriptions_name(installation: Installation) -> None:
    mine, bobs = await upload(installation, Archive.new()), await upload(installation, Archive.new(), user="bob")
    jdl = f'Executable = "run.sh"; InputSandbox = {{"run.sh", "{mine}", "{bobs}", "LFN:/gridlab/user/a/alice/x"}};'
    answer = await installation.call("POST", "/api/jobs/jdl", [jdl, jdl])
    assert answer.status_code == 201, answer.text
    for job in (inserted["JobID"] for inserted in answer.json()):
        assert (await installation.call("GET", f"/api/jobs/{job}/sandbox")).json() == {
            "Input": [short(mine)],
            "Output": [],
        }
    assert await assigned(installation) == {short(mine): 1, short(bobs): 0}


async def test_a_job_that_is_removed_frees_its_sandboxes(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Done")
    pfn = await upload(installation, Archive.new())
    await assign(installation, job, pfn)
    answer = await installation.call("POST", "/api/jobs/remove", {"job_ids": [job]})
    assert list(answer.json()["success"]) == [str(job)], answer.text
    assert await assigned(installation) == {short(pfn): 0}
    assert await rows(installation, select(entity_mapping)) == []


async def test_assigning_and_unassigning_at_the_same_time_agree(installation: Installation, jobs: Jobs) -> None:
    first, *others = await jobs.add(6)
    pfn = await upload(installation, Archive.new())
    for _ in range(3):
        await assign(installation, first, pfn)
        calls = [assign(installation, job, pfn) for job in others]
        await asyncio.gather(installation.call("DELETE", f"/api/jobs/{first}/sandbox"), *calls)
        assert await assigned(installation) == {short(pfn): 1}
        everything = {"job_ids": others}
        await asyncio.gather(
            installation.call("POST", "/api/jobs/sandbox/unassign", everything),
            *(installation.call("DELETE", f"/api/jobs/{job}/sandbox") for job in others),
        )
        assert await assigned(installation) == {short(pfn): 0}

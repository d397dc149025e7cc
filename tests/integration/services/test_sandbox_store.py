"""Uploading and fetching sandboxes: the same contract on a real S3 server and in the embedded store."""

from __future__ import annotations

import asyncio
import hashlib
import stat
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tests.installation import Installation, running
from tests.integration.services.sandbox_stores import Archive, fetch, file_settings, s3_settings, send, upload

CAROL = {"user": "carol", "group": "biolab_user"}


@pytest.fixture(params=["files", "s3"])
async def installation(
    request: pytest.FixtureRequest, sqlite_urls: Mapping[str, str], tmp_path: Path
) -> AsyncIterator[Installation]:
    """An installation with each kind of store."""
    if request.param == "files":
        store = file_settings(tmp_path)
    else:
        store = s3_settings(request.getfixturevalue("s3"))
    async with running(tmp_path, sqlite_urls, **store) as started:
        yield started


async def announce(installation: Installation, archive: Archive, **changes: object) -> dict[str, object]:
    answer = await installation.call("POST", "/api/jobs/sandbox", archive.info(**changes))
    assert answer.status_code == 200, answer.text
    announced: dict[str, object] = answer.json()
    return announced


async def test_an_archive_comes_back_as_it_was_uploaded(installation: Installation) -> None:
    archive = Archive.new(3_000_000)
    pfn = await upload(installation, archive)
    bucket = installation.runtime.sandboxes.store.bucket
    assert pfn == f"SB:SandboxSE|/S3/{bucket}/gridlab/gridlab_user/alice/sha256:{archive.checksum}.tar.bz2"
    for name in (pfn, pfn.partition("|")[2]):
        answer = await installation.call("GET", "/api/jobs/sandbox", params={"pfn": name})
        assert answer.json()["expires_in"] == 300
        fetched = await fetch(installation, answer.json()["url"])
        assert fetched.content == archive.content


async def test_an_archive_that_is_there_is_not_uploaded_again(installation: Installation) -> None:
    archive = Archive.new()
    pfn = await upload(installation, archive)
    assert await announce(installation, archive) == {"pfn": pfn, "url": None, "fields": {}}


async def test_an_upload_that_never_came_can_be_announced_again(installation: Installation) -> None:
    archive = Archive.new()
    await announce(installation, archive)
    await upload(installation, archive)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda content: content + b"x", "EntityTooLarge"),
        (lambda content: content * 3000, "EntityTooLarge"),
        (lambda content: content[:-1], "EntityTooSmall"),
        (lambda content: bytes(len(content)), "BadDigest"),
    ],
    ids=["one byte more", "much more", "one byte less", "other bytes"],
)
async def test_another_archive_than_the_announced_one_is_refused(
    installation: Installation, damage: object, why: str
) -> None:
    archive = Archive.new()
    announced = await announce(installation, archive)
    refused = await send(installation, announced, damage(archive.content))  # type: ignore[operator]
    assert refused.status_code == 400
    assert why in refused.text
    assert (await announce(installation, archive))["url"] is not None


async def test_a_form_that_was_changed_is_refused(installation: Installation) -> None:
    archive, other = Archive.new(), Archive.new()
    announced = await announce(installation, archive)
    fields: dict[str, str] = announced["fields"]  # type: ignore[assignment]
    key = fields["key"].replace(archive.checksum, other.checksum)
    for changed in ({"key": key}, {"key": "gridlab/gridlab_user/bob/x"}, {"key": "../../etc/passwd"}):
        refused = await send(installation, {**announced, "fields": {**fields, **changed}}, archive.content)
        assert refused.status_code in (400, 403), refused.text


async def test_an_upload_that_is_replayed_changes_nothing(installation: Installation) -> None:
    archive = Archive.new()
    announced = await announce(installation, archive)
    for _ in range(2):
        assert (await send(installation, announced, archive.content)).status_code == 204
    assert (await send(installation, announced, bytes(1000))).status_code == 400
    answer = await installation.call("GET", "/api/jobs/sandbox", params={"pfn": announced["pfn"]})
    assert (await fetch(installation, answer.json()["url"])).content == archive.content


async def test_urls_expire(installation: Installation) -> None:
    archive = Archive.new()
    pfn = await upload(installation, archive)
    installation.runtime.sandboxes.store.url_validity = 1
    other = Archive.new()
    announced = await announce(installation, other)
    answer = await installation.call("GET", "/api/jobs/sandbox", params={"pfn": pfn})
    assert answer.json()["expires_in"] == 1
    await asyncio.sleep(2.1)
    assert (await send(installation, announced, other.content)).status_code == 403
    assert (await fetch(installation, answer.json()["url"])).status_code == 403


async def test_a_url_is_good_for_one_archive_only(installation: Installation) -> None:
    one, two = Archive.new(), Archive.new()
    pfn = await upload(installation, one)
    await upload(installation, two)
    url = (await installation.call("GET", "/api/jobs/sandbox", params={"pfn": pfn})).json()["url"]
    assert (await fetch(installation, url.replace(one.checksum, two.checksum))).status_code == 403
    assert (await fetch(installation, url.partition("?")[0])).status_code in (403, 404)


async def test_upper_case_checksums_are_the_same_archive(installation: Installation) -> None:
    archive = Archive.new()
    announced = await announce(installation, archive, checksum=archive.checksum.upper())
    assert archive.checksum in str(announced["pfn"])
    assert (await send(installation, announced, archive.content)).status_code == 204
    assert (await announce(installation, archive))["url"] is None


async def test_foreign_sandboxes_are_not_given_out(installation: Installation) -> None:
    pfn = await upload(installation, Archive.new())
    query = {"pfn": pfn}
    for who in (
        {"user": "bob"},
        {"group": "gridlab_prod"},
        {"user": "pilot", "group": "gridlab_pilot"},
        CAROL,
        {"user": "carol", "group": "biolab_admin"},
    ):
        refused = await installation.call("GET", "/api/jobs/sandbox", params=query, **who)
        assert refused.status_code == 403, (who, refused.text)
    admin = await installation.call("GET", "/api/jobs/sandbox", params=query, user="admin", group="gridlab_admin")
    assert admin.status_code == 200


async def test_pilots_and_administrators_upload_nothing(installation: Installation) -> None:
    for who in ({"user": "pilot", "group": "gridlab_pilot"}, {"user": "admin", "group": "gridlab_admin"}):
        refused = await installation.call("POST", "/api/jobs/sandbox", Archive.new().info(), **who)
        assert refused.status_code == 403


async def test_too_large_sandboxes_are_refused(installation: Installation) -> None:
    body = Archive.new().info(size=104_857_601)
    refused = await installation.call("POST", "/api/jobs/sandbox", body)
    assert refused.status_code == 400
    assert "104857600" in refused.json()["detail"]


@pytest.mark.parametrize(
    "changes", [{"checksum": "x" * 64}, {"size": 0}, {"format": "zip"}, {"checksum_algorithm": "md5"}]
)
async def test_bad_announcements_are_refused(installation: Installation, changes: dict[str, object]) -> None:
    refused = await installation.call("POST", "/api/jobs/sandbox", Archive.new().info(**changes))
    assert refused.status_code == 422


@pytest.mark.parametrize("pfn", ["", "nonsense", "/S3/b/x", "SB:X|/S3/bucket/a/b/c/sha256:00.tar", "LFN:/a/b"])
async def test_what_is_no_sandbox_is_refused(installation: Installation, pfn: str) -> None:
    assert (await installation.call("GET", "/api/jobs/sandbox", params={"pfn": pfn})).status_code == 422


async def test_an_unknown_sandbox_is_named(installation: Installation) -> None:
    pfn = f"/S3/{installation.runtime.sandboxes.store.bucket}/gridlab/gridlab_user/alice/sha256:{'0' * 64}.tar.bz2"
    for se in ("", "SB:Sandbox-SE2|"):
        refused = await installation.call("GET", "/api/jobs/sandbox", params={"pfn": se + pfn})
        assert refused.status_code == 400
        assert pfn in refused.json()["detail"]


async def test_uploads_at_the_same_time_leave_one_sandbox(installation: Installation) -> None:
    archive = Archive.new(200_000)
    pfns = await asyncio.gather(*(upload(installation, archive) for _ in range(3)))
    assert len(set(pfns)) == 1


async def test_the_embedded_store_is_readable_by_its_owner_only(sqlite_urls: Mapping[str, str], tmp_path: Path) -> None:
    async with running(tmp_path, sqlite_urls, **file_settings(tmp_path)) as installation:
        archive = Archive.new()
        await upload(installation, archive)
        found = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "sandboxes").rglob("*")}
        files = {path for path in found if path.is_file()}
        assert {found[path] for path in files} == {0o600}
        assert {found[path] for path in found.keys() - files} == {0o700}
        assert hashlib.sha256(archive.content).digest() in {hashlib.sha256(p.read_bytes()).digest() for p in files}
        assert not list((tmp_path / "sandboxes").rglob("*.part"))

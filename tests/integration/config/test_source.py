"""Following a repository in the file system."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diracx_bridge.config import ConfigSnapshot, ConfigSource
from diracx_bridge.core.errors import ConfigurationError, SettingsError, Unavailable

from .conftest import Following
from .repository import WorkTree, document


def group(source: ConfigSource) -> str:
    return source.current.config.registry["lab"].default_group


async def test_the_head_of_master_is_served_after_the_start(repository: WorkTree, following: Following) -> None:
    commit = repository.commit(document("first"), when="2026-08-01T12:00:05+0200")
    source = await following(f"git+file://{repository.path}")
    assert group(source) == "first"
    assert source.current.revision == source.status.revision == commit
    assert source.current.modified == datetime(2026, 8, 1, 10, 0, 5, tzinfo=UTC)
    assert source.status.healthy


async def test_nothing_is_served_before_the_start(repository: WorkTree) -> None:
    repository.commit(document("first"))
    source = ConfigSource(str(repository.path))
    assert not source.status.healthy
    with pytest.raises(Unavailable):
        _ = source.current


async def test_the_work_tree_is_not_looked_at(repository: WorkTree, following: Following) -> None:
    repository.commit(document("committed"))
    (repository.path / "default.yml").write_text(document("edited"))
    assert group(await following(repository.path)) == "committed"


async def test_a_bare_repository_is_served(repository: WorkTree, following: Following, tmp_path: Path) -> None:
    repository.commit(document("first"))
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert group(await following(tmp_path / "bare.git")) == "first"


async def test_packed_objects_and_references_are_read(repository: WorkTree, following: Following) -> None:
    repository.commit(document("first"))
    source = await following(repository.path)
    repository.commit(document("second"))
    repository.git("gc", "--quiet")
    await source.refresh()
    assert group(source) == "second"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a directory away")
async def test_a_repository_of_another_owner_is_served(repository: WorkTree, following: Following) -> None:
    repository.commit(document("first"))
    os.chown(repository.path, 12345, 12345)
    os.chown(repository.path / ".git", 12345, 12345)
    assert group(await following(repository.path)) == "first"


@pytest.mark.parametrize("revision", ["main", "v1", "v2", "refs/tags/v1", "{full}", "{short}"])
async def test_branches_tags_and_commits_can_be_served(
    repository: WorkTree, following: Following, revision: str
) -> None:
    repository.git("checkout", "--quiet", "-b", "main")
    commit = repository.commit(document("first"))
    repository.git("tag", "v1")
    repository.git("tag", "--annotate", "--message=release", "v2")
    revision = revision.format(full=commit, short=commit[:10])
    source = await following(f"git+file://{repository.path}?revision={revision}")
    assert source.current.revision == commit


async def test_a_branch_wins_over_a_tag_of_its_name(repository: WorkTree, following: Following) -> None:
    repository.commit(document("tagged"))
    repository.git("tag", "master")
    repository.commit(document("head"))
    assert group(await following(repository.path)) == "head"


async def test_a_repository_that_has_only_main_says_what_to_add_to_the_url(
    tmp_path: Path, following: Following
) -> None:
    WorkTree(tmp_path / "cs", branch="main").commit(document("first"))
    with pytest.raises(SettingsError, match=r"'master'.*it has main: add \?revision="):
        await following(tmp_path / "cs")


async def test_a_start_on_an_empty_repository_fails_with_a_remedy(repository: WorkTree, following: Following) -> None:
    with pytest.raises(SettingsError, match=r"empty: commit default\.yml"):
        await following(repository.path)


async def test_a_start_on_a_directory_that_is_none_fails_with_a_remedy(tmp_path: Path, following: Following) -> None:
    with pytest.raises(SettingsError, match="DIRACX_CONFIG_BACKEND_URL"):
        await following(tmp_path)


async def test_a_start_without_default_yml_fails(repository: WorkTree, following: Following) -> None:
    repository.commit("x", file="README")
    with pytest.raises(ConfigurationError, match=r"no default\.yml"):
        await following(repository.path)


async def test_a_start_on_a_wrong_document_fails_with_place_and_commit(
    repository: WorkTree, following: Following
) -> None:
    commit = repository.commit(document("first").replace("ClientID", "ClientId"))
    with pytest.raises(ConfigurationError, match=rf"{commit[:12]}.*Registry/lab/IdP/ClientID: Field required"):
        await following(repository.path)


async def test_a_new_commit_is_served_within_the_pause(repository: WorkTree, following: Following) -> None:
    repository.commit(document("first"))
    source = await following(repository.path, refresh_seconds=0.02)
    changed = asyncio.Event()
    source.subscribe(lambda _: changed.set())
    repository.commit(document("second"))
    await asyncio.wait_for(changed.wait(), 10)
    assert group(source) == "second"


async def test_a_wrong_commit_leaves_the_last_good_one_in_service_until_a_good_one_comes(
    repository: WorkTree, following: Following, caplog: pytest.LogCaptureFixture
) -> None:
    good = repository.commit(document("first"))
    source = await following(repository.path)
    bad = repository.commit("Registry: [")
    for _ in range(3):
        await source.refresh()
    assert group(source) == "first"
    assert (source.status.revision, source.status.rejected_revision) == (good, bad)
    assert not source.status.healthy
    assert bad[:12] in (source.status.last_error or "")
    assert source.status.last_check > source.status.last_success  # type: ignore[operator]
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    better = repository.commit(document("third"))
    await source.refresh()
    assert group(source) == "third"
    assert source.status.healthy
    assert (source.status.revision, source.status.rejected_revision) == (better, None)


async def test_a_wrong_commit_is_read_only_once(
    repository: WorkTree, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(document("first"))
    source = await following(repository.path)
    repository.commit("Registry: [")
    await source.refresh()
    monkeypatch.setattr("diracx_bridge.config.source.parse", lambda *_: pytest.fail("read again"))
    await source.refresh()
    assert source.status.rejected_revision is not None


async def test_a_withdrawn_commit_is_out_of_service(repository: WorkTree, following: Following) -> None:
    repository.commit(document("first"))
    repository.commit(document("second"))
    source = await following(repository.path)
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    await source.refresh()
    assert group(source) == "first"


async def test_rewritten_history_is_followed(repository: WorkTree, following: Following) -> None:
    repository.commit(document("first"))
    source = await following(repository.path)
    repository.git("commit", "--quiet", "--amend", "--message=other")
    repository.commit(document("second"))
    await source.refresh()
    assert group(source) == "second"


async def test_a_commit_of_another_file_moves_the_snapshot_without_reading_again(
    repository: WorkTree, following: Following
) -> None:
    repository.commit(document("first"))
    source = await following(repository.path)
    before = source.current
    commit = repository.commit("notes", file="README")
    await source.refresh()
    assert source.current.revision == source.status.revision == commit
    assert source.current.etag == f'"{commit}"'
    assert source.current.config is before.config
    assert source.current.body is before.body


async def test_a_repository_that_vanishes_leaves_its_last_content_in_service(
    repository: WorkTree, following: Following
) -> None:
    repository.commit(document("first"))
    source = await following(repository.path)
    repository.path.rename(repository.path.with_name("away"))
    await source.refresh()
    assert group(source) == "first"
    assert not source.status.healthy
    repository.path.with_name("away").rename(repository.path)
    await source.refresh()
    assert source.status.healthy


async def test_a_damaged_repository_leaves_its_last_content_in_service(
    repository: WorkTree, following: Following
) -> None:
    repository.commit(document("first"))
    source = await following(repository.path)
    repository.commit(document("second"))
    blob = repository.git("rev-parse", "HEAD:default.yml")
    (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    await source.refresh()
    assert group(source) == "first"
    assert "can't be read" in (source.status.last_error or "")


async def test_subscribers_get_each_new_snapshot_until_they_leave(repository: WorkTree, following: Following) -> None:
    repository.commit(document("first"))
    source = await following(repository.path)
    seen: list[ConfigSnapshot] = []
    leave = source.subscribe(seen.append)
    await source.refresh()
    assert seen == []
    repository.commit(document("second"))
    await source.refresh()
    assert seen == [source.current]
    leave()
    repository.commit(document("third"))
    await source.refresh()
    assert len(seen) == 1


async def test_a_subscriber_that_fails_keeps_no_other_from_learning(
    repository: WorkTree, following: Following, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: ConfigSnapshot) -> None:
        raise LookupError("subscriber")

    repository.commit(document("first"))
    source = await following(repository.path)
    seen: list[ConfigSnapshot] = []
    source.subscribe(fail)
    source.subscribe(seen.append)
    repository.commit(document("second"))
    await source.refresh()
    assert seen == [source.current]
    assert source.status.healthy
    assert "LookupError" in caplog.text


async def test_nothing_is_looked_at_after_the_stop(repository: WorkTree, following: Following) -> None:
    repository.commit(document("first"))
    source = await following(repository.path, refresh_seconds=0.01)
    await source.stop()
    last = source.status.last_check
    await asyncio.sleep(0.1)
    assert source.status.last_check == last
    assert group(source) == "first"

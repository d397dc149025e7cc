"""Following a repository over HTTPS."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from diracx_bridge.config import ConfigSource
from diracx_bridge.core.errors import SettingsError, Unavailable

from .conftest import Following
from .git_https import GitServer
from .repository import WorkTree, document


def group(source: ConfigSource) -> str:
    return source.current.config.registry["lab"].default_group


@pytest.fixture(autouse=True)
def temporary_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is fetched lies here."""
    directory = tmp_path / "tmp"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


async def test_new_commits_are_served(repository: WorkTree, git_server: GitServer, following: Following) -> None:
    first = repository.commit(document("first"))
    source = await following(git_server.url("cs"), ca_path=git_server.ca)
    assert (group(source), source.current.revision) == ("first", first)
    second = repository.commit(document("second"))
    await source.refresh()
    assert (group(source), source.current.revision) == ("second", second)


async def test_a_look_is_one_request_while_nothing_changes(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    source = await following(git_server.url("cs"), ca_path=git_server.ca)
    git_server.requests.clear()
    await source.refresh()
    assert git_server.requests == ["GET /cs/info/refs?service=git-upload-pack"]


async def test_nothing_is_left_in_the_file_system(
    repository: WorkTree, git_server: GitServer, following: Following, temporary_directory: Path
) -> None:
    repository.commit(document("first"))
    await following(git_server.url("cs"), ca_path=git_server.ca)
    assert os.listdir(temporary_directory) == []


async def test_rewritten_history_is_followed(repository: WorkTree, git_server: GitServer, following: Following) -> None:
    repository.commit(document("first"))
    repository.commit(document("second"))
    source = await following(git_server.url("cs"), ca_path=git_server.ca)
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    await source.refresh()
    assert group(source) == "first"
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit(document("third"))
    repository.git("branch", "--force", "master", "other")
    await source.refresh()
    assert group(source) == "third"


async def test_a_wrong_commit_leaves_the_last_good_one_in_service(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    source = await following(git_server.url("cs"), ca_path=git_server.ca)
    bad = repository.commit("Registry: [")
    await source.refresh()
    assert (group(source), source.status.rejected_revision) == ("first", bad)
    repository.commit(document("second"))
    await source.refresh()
    assert group(source) == "second"
    assert source.status.healthy


@pytest.mark.parametrize("revision", ["main", "origin/main", "v1", "v2", "{tip}", "{old}", "{short}"])
async def test_branches_tags_and_commits_can_be_served(
    repository: WorkTree, git_server: GitServer, following: Following, revision: str
) -> None:
    repository.git("checkout", "--quiet", "-b", "main")
    old = repository.commit(document("old"))
    tip = repository.commit(document("tip"))
    repository.git("tag", "v1")
    repository.git("tag", "--annotate", "--message=release", "v2")
    revision = revision.format(tip=tip, old=old, short=old[:10])
    source = await following(f"{git_server.url('cs')}?revision={revision}", ca_path=git_server.ca)
    assert source.current.revision == (old if old.startswith(revision) else tip)
    await source.refresh()
    assert source.status.healthy


async def test_a_branch_that_is_deleted_leaves_its_last_content_in_service(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    repository.git("branch", "served")
    source = await following(f"{git_server.url('cs')}?revision=served", ca_path=git_server.ca)
    repository.git("branch", "-D", "served")
    await source.refresh()
    assert group(source) == "first"
    assert "'served'; it has master" in (source.status.last_error or "")


async def test_a_repository_that_has_only_main_says_what_to_add_to_the_url(
    tmp_path: Path, git_server: GitServer, following: Following
) -> None:
    WorkTree(tmp_path / "repositories" / "modern", branch="main").commit(document("first"))
    with pytest.raises(SettingsError, match=r"'master'.*it has main: add \?revision="):
        await following(git_server.url("modern"), ca_path=git_server.ca)


async def test_a_server_that_is_down_leaves_the_last_content_in_service(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    source = await following(git_server.url("cs"), ca_path=git_server.ca)
    git_server.down = True
    await source.refresh()
    assert group(source) == "first"
    assert "503" in (source.status.last_error or "")
    git_server.down = False
    await source.refresh()
    assert source.status.healthy


async def test_a_start_fails_when_the_server_is_down(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    git_server.down = True
    with pytest.raises(Unavailable, match="503"):
        await following(git_server.url("cs"), ca_path=git_server.ca)


async def test_a_start_fails_when_the_authority_is_not_trusted(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    with pytest.raises(Unavailable):
        await following(git_server.url("cs"))
    assert git_server.requests == []


async def test_a_start_fails_when_the_certificate_is_for_another_host(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    with pytest.raises(Unavailable):
        await following(git_server.url("cs").replace("localhost", "127.0.0.1"), ca_path=git_server.ca)
    assert git_server.requests == []


async def test_the_authority_may_come_from_the_variable_of_git(
    repository: WorkTree, git_server: GitServer, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(document("first"))
    monkeypatch.setenv("GIT_SSL_CAINFO", str(git_server.ca))
    assert group(await following(git_server.url("cs"))) == "first"


async def test_an_authority_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no\.pem can't be loaded"):
        ConfigSource("git+https://127.0.0.1/cs", ca_path=tmp_path / "no.pem")


async def test_credentials_of_the_url_are_used(
    repository: WorkTree, git_server: GitServer, following: Following
) -> None:
    repository.commit(document("first"))
    git_server.password = "s3cr@t"
    source = await following(git_server.url("cs", "bot:s3cr%40t"), ca_path=git_server.ca)
    assert group(source) == "first"


@pytest.mark.parametrize(
    ("credentials", "reason"), [("bot:wr0ng-one", "refused the credentials"), ("", "asks for credentials")]
)
async def test_credentials_that_do_not_hold_are_said_to_and_not_shown(
    repository: WorkTree,
    git_server: GitServer,
    following: Following,
    caplog: pytest.LogCaptureFixture,
    credentials: str,
    reason: str,
) -> None:
    repository.commit(document("first"))
    git_server.password = "right"
    with pytest.raises(Unavailable, match=reason) as refusal:
        await following(git_server.url("cs", credentials), ca_path=git_server.ca)
    assert "wr0ng" not in f"{refusal.value!r} {refusal.value.__cause__!r} {caplog.text}"
    assert len(git_server.requests) <= 3

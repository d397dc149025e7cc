"""The result reaches files and repositories at once or not at all, and only when something changed."""

from __future__ import annotations

import os
import stat
import subprocess
import threading
import time
from pathlib import Path

import pygit2
import pytest

from diracx_bridge.config.document import parse
from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import BridgeError, SettingsError, SetupError
from diracx_bridge.cs_sync.convert import Result, convert
from diracx_bridge.cs_sync.git_commit import commit
from diracx_bridge.cs_sync.publisher import publish
from diracx_bridge.cs_sync.target import FileTarget, GitTarget
from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml

EXAMPLE = Path(__file__).parents[3] / "examples" / "dirac.cfg"


@pytest.fixture(scope="module")
def result() -> Result:
    return convert(str(EXAMPLE))


@pytest.fixture
def target(tmp_path: Path) -> GitTarget:
    return GitTarget(tmp_path / "cs.git")


def git(path: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", path, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_repository_is_made_that_git_can_clone(result: Result, target: GitTarget, tmp_path: Path) -> None:
    published = publish(result, target)
    git(tmp_path, "clone", "-q", str(target.path), "clone")
    text = (tmp_path / "clone" / "default.yml").read_bytes()
    assert from_yaml(text) == result.content
    assert "alice" in parse(text, Config).registry["gridlab"].subjects
    assert published.commit == git(tmp_path / "clone", "rev-parse", "HEAD")
    assert git(tmp_path / "clone", "branch", "--show-current") == "master"


def test_the_commit_says_what_it_was_made_from(result: Result, target: GitTarget) -> None:
    publish(result, target)
    message = git(target.path, "log", "-1", "--format=%B", "master")
    assert message.startswith("Convert Example-Production 2026-09-14")
    assert f"CS-SHA256: {result.source.digest}" in message


def test_equal_content_makes_no_commit(result: Result, target: GitTarget) -> None:
    first = publish(result, target)
    second = publish(result, target)
    assert (first.changed, second.changed) == (True, False)
    assert first.commit == second.commit


def test_another_layout_of_equal_content_makes_no_commit(target: GitTarget) -> None:
    content = {"a": {"b": "1"}}
    repository = pygit2.init_repository(str(target.path), bare=True, initial_head="master")
    tree = repository.TreeBuilder()
    tree.insert("default.yml", repository.create_blob(b'# by hand\na: {b: "1"}\n'), pygit2.enums.FileMode.BLOB)
    who = pygit2.Signature("x", "x@example.org")
    made = repository.create_commit("refs/heads/master", who, who, "x", tree.write(), [])
    assert commit(target, content, "y") == (False, str(made))


def test_other_files_of_the_branch_are_kept(target: GitTarget) -> None:
    repository = pygit2.init_repository(str(target.path), bare=True, initial_head="master")
    tree = repository.TreeBuilder()
    tree.insert("README", repository.create_blob(b"read me"), pygit2.enums.FileMode.BLOB)
    who = pygit2.Signature("x", "x@example.org")
    repository.create_commit("refs/heads/master", who, who, "x", tree.write(), [])
    commit(target, {"a": "1"}, "y")
    assert git(target.path, "ls-tree", "--name-only", "master").split() == ["README", "default.yml"]


@pytest.mark.parametrize("before", [b"a: [", b"- 1", b"\xff"])
def test_broken_content_before_is_replaced(target: GitTarget, before: bytes) -> None:
    repository = pygit2.init_repository(str(target.path), bare=True, initial_head="master")
    tree = repository.TreeBuilder()
    tree.insert("default.yml", repository.create_blob(before), pygit2.enums.FileMode.BLOB)
    who = pygit2.Signature("x", "x@example.org")
    repository.create_commit("refs/heads/master", who, who, "x", tree.write(), [])
    assert commit(target, {"a": "1"}, "y")[0]
    assert git(target.path, "show", "master:default.yml") == "a: '1'"


def test_a_work_tree_is_not_touched(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "cs"
    git(tmp_path, "init", "-q", "-b", "master", str(path))
    (path / "mine.txt").write_text("mine")
    publish(result, GitTarget(path))
    assert [file.name for file in path.iterdir() if file.name != ".git"] == ["mine.txt"]
    assert git(path, "ls-tree", "--name-only", "master") == "default.yml"


def test_an_empty_repository_with_another_first_branch_gets_this_one(tmp_path: Path) -> None:
    path = tmp_path / "cs.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(path))
    commit(GitTarget(path, "master"), {"a": "1"}, "y")
    assert git(path, "symbolic-ref", "HEAD") == "refs/heads/master"


def test_a_branch_of_its_own_leaves_the_others(target: GitTarget) -> None:
    _, first = commit(target, {"a": "1"}, "x")
    commit(GitTarget(target.path, "staging"), {"a": "2"}, "y")
    assert git(target.path, "rev-parse", "master") == first
    assert git(target.path, "show", "staging:default.yml") == "a: '2'"
    assert git(target.path, "symbolic-ref", "HEAD") == "refs/heads/master"


def test_commit_times_increase_even_when_the_clock_goes_back(
    target: GitTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, moment in enumerate((2_000_000_000, 1_000_000_000, 1_000_000_000)):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        commit(target, {"a": number}, "x")
    times = [int(line) for line in git(target.path, "log", "--reverse", "--format=%ct", "master").split()]
    assert times == [2_000_000_000, 2_000_000_001, 2_000_000_002]


def test_two_writers_lose_nothing(target: GitTarget) -> None:
    commit(target, {"writer": -1, "number": -1}, "start")
    made: list[str] = []

    def write(writer: int) -> None:
        for number in range(20):
            while True:
                try:
                    made.append(commit(target, {"writer": writer, "number": number}, "x")[1])
                    break
                except BridgeError:
                    continue

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    history = git(target.path, "rev-list", "master").split()
    assert len(made) == 40
    assert set(made) <= set(history)
    assert len(history) == 41


@pytest.mark.parametrize("branch", ["", "a..b", "with blank", "x.lock"])
def test_a_branch_that_git_refuses_is_refused(target: GitTarget, branch: str) -> None:
    with pytest.raises(SettingsError, match="branch"):
        commit(GitTarget(target.path, branch), {}, "x")


def test_a_folder_that_is_no_repository_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(SetupError, match="can't be written"):
        commit(GitTarget(tmp_path), {}, "x")
    assert [file.name for file in tmp_path.iterdir()] == ["x"]


def test_a_file_is_replaced_in_one_step_with_its_mode(result: Result, tmp_path: Path) -> None:
    file = tmp_path / "default.yml"
    file.write_text("before")
    file.chmod(0o640)
    before = file.stat().st_ino
    assert publish(result, FileTarget(file)).changed
    assert file.read_bytes() == to_yaml(result.content or {})
    assert file.stat().st_ino != before
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [found.name for found in tmp_path.iterdir()] == ["default.yml"]


def test_an_equal_file_is_not_written_again(result: Result, tmp_path: Path) -> None:
    file = tmp_path / "default.yml"
    assert publish(result, FileTarget(file)).changed
    before = file.stat()
    assert not publish(result, FileTarget(file)).changed
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_a_link_stays_a_link(result: Result, tmp_path: Path) -> None:
    (tmp_path / "link.yml").symlink_to(tmp_path / "real.yml")
    publish(result, FileTarget(tmp_path / "link.yml"))
    assert (tmp_path / "link.yml").is_symlink()
    assert (tmp_path / "real.yml").read_bytes() == to_yaml(result.content or {})


def test_a_failure_leaves_the_old_file_and_nothing_else(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "default.yml"
    file.write_text("before")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SetupError, match="No space left"):
        publish(result, FileTarget(file))
    assert file.read_text() == "before"
    assert [found.name for found in tmp_path.iterdir()] == ["default.yml"]


def test_a_refused_configuration_is_never_published(tmp_path: Path) -> None:
    (tmp_path / "bad.cfg").write_text("A {")
    with pytest.raises(ValueError, match="refused"):
        publish(convert(str(tmp_path / "bad.cfg")), FileTarget(tmp_path / "default.yml"))
    assert not (tmp_path / "default.yml").exists()

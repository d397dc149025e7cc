"""The result reaches files and repositories at once or not at all, and only when something changed."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from diracx_bridge.config.document import parse
from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.convert import Result, convert
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.publisher import publish
from diracx_bridge.cs_sync.target import FileTarget
from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml

EXAMPLE = Path(__file__).parents[3] / "examples" / "dirac.cfg"


@pytest.fixture(scope="module")
def result() -> Result:
    return convert(str(EXAMPLE))


@pytest.fixture
def target(tmp_path: Path) -> Place:
    return Place(tmp_path / "cs.git")


def git(path: Path | str, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", path, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_repository_is_made_that_git_can_clone(result: Result, target: Place, tmp_path: Path) -> None:
    published = publish(result, target)
    git(tmp_path, "clone", "-q", str(target.repository), "clone")
    text = (tmp_path / "clone" / "default.yml").read_bytes()
    assert from_yaml(text) == result.content
    assert "alice" in parse(text, Config).registry["gridlab"].subjects
    assert published.commit == git(tmp_path / "clone", "rev-parse", "HEAD")
    assert git(tmp_path / "clone", "branch", "--show-current") == "master"


def test_the_commit_says_what_it_was_made_from(result: Result, target: Place) -> None:
    publish(result, target)
    message = git(target.repository, "log", "-1", "--format=%B", "master")
    assert message.startswith("Convert Example-Production 2026-09-14")
    assert f"CS-SHA256: {result.source.digest}" in message


def test_equal_content_makes_no_commit(result: Result, target: Place) -> None:
    first = publish(result, target)
    second = publish(result, target)
    assert (first.changed, second.changed) == (True, False)
    assert first.commit == second.commit


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

"""What NEW stands for on the command line."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.cs_sync.target import FileTarget, GitTarget, StandardOutput, parse_target


def test_a_name_is_a_file(tmp_path: Path) -> None:
    assert parse_target(str(tmp_path / "default.yml")) == FileTarget(tmp_path / "default.yml")


def test_a_dash_is_standard_output() -> None:
    assert parse_target("-") == StandardOutput()


@pytest.mark.parametrize("bare", [True, False])
def test_a_repository_is_recognised(tmp_path: Path, bare: bool) -> None:
    pygit2.init_repository(str(tmp_path / "cs"), bare=bare)
    assert parse_target(str(tmp_path / "cs")) == GitTarget(tmp_path / "cs", "master")
    assert parse_target(str(tmp_path / "cs"), branch="main") == GitTarget(tmp_path / "cs", "main")


def test_git_makes_any_path_a_repository(tmp_path: Path) -> None:
    assert parse_target(str(tmp_path / "new"), git=True) == GitTarget(tmp_path / "new", "master")


@pytest.mark.parametrize(
    ("url", "branch", "target"),
    [
        ("git+file:///srv/cs", None, GitTarget(Path("/srv/cs"), "master")),
        ("git+file:///srv/my%20cs?revision=main", None, GitTarget(Path("/srv/my cs"), "main")),
        ("git+file:///srv/cs?revision=main", "main", GitTarget(Path("/srv/cs"), "main")),
        ("git+file:///srv/cs", "main", GitTarget(Path("/srv/cs"), "main")),
    ],
)
def test_the_url_of_the_services_is_taken(url: str, branch: str | None, target: GitTarget) -> None:
    assert parse_target(url, branch=branch) == target


@pytest.mark.parametrize(
    ("new", "branch", "message"),
    [
        ("git+https://git.example.org/cs", None, "push"),
        ("https://git.example.org/cs", None, "push"),
        ("git+file:///srv/cs?revision=main", "other", "revision=main"),
        ("default.yml", "main", "--git"),
        (".", None, "no git repository"),
    ],
)
def test_what_can_not_be_written_to_is_refused_with_a_remedy(
    new: str, branch: str | None, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=message):
        parse_target(new, branch=branch)

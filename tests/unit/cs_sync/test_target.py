"""What NEW stands for on the command line."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.cs_sync.git.place import Login, Place
from diracx_bridge.cs_sync.target import FileTarget, StandardOutput, parse_target


def test_a_name_is_a_file(tmp_path: Path) -> None:
    assert parse_target(str(tmp_path / "default.yml")) == FileTarget(tmp_path / "default.yml")


def test_a_dash_is_standard_output() -> None:
    assert parse_target("-") == StandardOutput()


@pytest.mark.parametrize("bare", [True, False])
def test_a_repository_is_recognised(tmp_path: Path, bare: bool) -> None:
    pygit2.init_repository(str(tmp_path / "cs"), bare=bare)
    assert parse_target(str(tmp_path / "cs")) == Place(tmp_path / "cs")
    assert parse_target(str(tmp_path / "cs"), branch="main") == Place(tmp_path / "cs", "main")


def test_git_makes_any_path_a_repository(tmp_path: Path) -> None:
    assert parse_target(str(tmp_path / "new"), git=True) == Place(tmp_path / "new")


@pytest.mark.parametrize(
    ("url", "branch", "target"),
    [
        ("git+file:///srv/cs", None, Place(Path("/srv/cs"))),
        ("git+file:///srv/my%20cs?revision=main", None, Place(Path("/srv/my cs"), "main")),
        ("git+file:///srv/cs?revision=main", "main", Place(Path("/srv/cs"), "main")),
        ("git+file:///srv/cs", "main", Place(Path("/srv/cs"), "main")),
        ("git+https://git.example.org/cs.git", None, Place("https://git.example.org/cs.git")),
        ("https://git.example.org:8443/cs?revision=main", None, Place("https://git.example.org:8443/cs", "main")),
        ("https://me:t@git.example.org/cs", None, Place("https://git.example.org/cs", login=Login("me", "t"))),
        ("git+ssh://git@git.example.org/cs.git", None, Place("ssh://git@git.example.org/cs.git")),
        ("ssh://git.example.org:22/cs?revision=x", None, Place("ssh://git.example.org:22/cs", "x")),
    ],
)
def test_the_url_of_the_services_is_taken(url: str, branch: str | None, target: Place) -> None:
    assert parse_target(url, branch=branch) == target


@pytest.mark.parametrize(
    ("new", "branch", "message"),
    [
        ("http://git.example.org/cs", None, "can't be reached by http"),
        ("https://git.example.org/", None, "lacks a host or a path"),
        ("https://me:t0p@git.example.org/cs?branch=x", None, "unknown parameter"),
        ("ssh://git:t0p@git.example.org/cs", None, "no password"),
        ("ssh://git.example.org/cs?revision=main", "other", "revision=main"),
        ("git+file:///srv/cs?revision=main", "other", "revision=main"),
        ("default.yml", "main", "--git"),
        (".", None, "no git repository"),
    ],
)
def test_what_can_not_be_written_to_is_refused_with_a_remedy(
    new: str, branch: str | None, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=message) as caught:
        parse_target(new, branch=branch)
    assert "t0p" not in str(caught.value)


def test_git_also_knows_the_short_form_of_ssh() -> None:
    assert parse_target("git@git.example.org:lab/cs.git", git=True) == Place("ssh://git@git.example.org/lab/cs.git")


def test_no_text_about_a_place_shows_its_secrets() -> None:
    place = parse_target("https://me:t0p@git.example.org/cs", login=Login(passphrase="s3cret"))
    assert "t0p" not in f"{place} {place!r}"
    assert "s3cret" not in repr(place)

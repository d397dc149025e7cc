"""The backups of a master become a git history, again and again, without loss and without repetition."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from .following import history, legacy, run
from .repository import Repository


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    """Six versions as DIRAC archives them; the fourth changes nothing in DiracX, the fifth can't be read."""
    folder = tmp_path / "csbackup"
    for number, (user, share) in enumerate(
        [("ada", 1), ("bob.b", 2), ("ada", 3), ("ada", 3), ("cy", 5), ("ada", 6)], 1
    ):
        add(folder, number, user, "broken {" if number == 5 else legacy(number, share=share))
    return folder


def add(folder: Path, number: int, user: str, text: str) -> None:
    version = f"2026-09-14 08:00:0{number}.000000"
    month = folder / "2026" / "09"
    month.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(month / f"My.CS.{user}@{version}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"My.CS.cfg.backup.{user}@{version}", text)


def test_each_version_that_changes_something_is_a_commit_of_its_author_and_time(
    backups: Path, repository: Repository, tmp_path: Path
) -> None:
    done = history(backups, repository.path, "--state", tmp_path / "state", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["made"], said["unchanged"], said["earlier"], len(said["refused"])) == (4, 1, 0, 1)
    assert repository.log("%an") == ["ada", "bob.b", "ada", "ada"]
    assert repository.log("%aI") == repository.log("%cI") == [f"2026-09-14T08:00:0{n}+00:00" for n in (1, 2, 3, 6)]
    repository.check()


def test_an_import_goes_on_where_it_stopped(backups: Path, repository: Repository, tmp_path: Path) -> None:
    assert history(backups, repository.path, "--state", tmp_path / "state").returncode == 0
    add(backups, 7, "dora", legacy(7, share=7))
    done = history(backups, repository.path, "--state", tmp_path / "another", "--json")
    assert json.loads(done.stdout) == {"made": 1, "unchanged": 0, "earlier": 6, "refused": {}}
    assert repository.log("%an")[-1] == "dora"


def test_following_goes_on_after_an_import(backups: Path, repository: Repository, tmp_path: Path) -> None:
    assert history(backups, repository.path, "--state", tmp_path / "state").returncode == 0
    (tmp_path / "CS.cfg").write_text(legacy(9))
    assert run(tmp_path / "CS.cfg", repository.path, "--state", tmp_path / "state").returncode == 0
    assert len(repository.log("%s")) == 5


def test_a_folder_without_archives_is_an_error(repository: Repository, tmp_path: Path) -> None:
    done = history(tmp_path, repository.path, "--state", tmp_path / "state")
    assert done.returncode == 3
    assert "csbackup" in done.stderr


def test_the_configuration_of_others_is_not_overwritten(backups: Path, repository: Repository, tmp_path: Path) -> None:
    repository.commit({"value": "theirs"})
    done = history(backups, repository.path, "--state", tmp_path / "state")
    assert done.returncode == 1
    assert len(repository.log("%s")) == 1

"""A file is followed however it is written, and what is half written is told apart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from diracx_bridge.core.errors import SettingsError, Unavailable
from diracx_bridge.cs_sync.follow.source import FileSource


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "CS.cfg"
    path.write_text("one")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return path


def seen(source: FileSource, *, again: bool = False) -> bytes | None:
    text = source.look(again=again)
    return text.data if text else None


def test_a_text_is_given_once_and_again_when_asked(file: Path) -> None:
    source = FileSource(file, settle=0)
    assert [seen(source), seen(source), seen(source, again=True)] == [b"one", None, b"one"]


def test_a_file_that_is_replaced_is_seen_even_with_equal_size_and_time(file: Path, tmp_path: Path) -> None:
    source = FileSource(file, settle=0)
    seen(source)
    other = tmp_path / "CS.cfg.0123456789abcdef"
    other.write_text("two")
    os.utime(other, (1_000_000_000, 1_000_000_000))
    other.rename(file)
    assert seen(source) == b"two"


def test_a_file_that_is_written_in_place_is_given_when_it_rests(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    source = FileSource(file, settle=0.3)
    assert seen(source) is None
    file.write_text("two")
    now[0] += 0.29
    assert seen(source) is None
    now[0] += 0.29
    assert seen(source) is None
    now[0] += 0.02
    assert seen(source) == b"two"


def test_a_link_that_is_turned_to_another_file_is_seen(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.cfg"
    link.symlink_to(file)
    source = FileSource(link, settle=0)
    seen(source)
    (tmp_path / "other").write_text("two")
    link.unlink()
    link.symlink_to(tmp_path / "other")
    assert seen(source) == b"two"


def test_only_a_file_that_changed_just_now_may_be_half_written(file: Path) -> None:
    source = FileSource(file, settle=0)
    old = source.look()
    file.write_text("two")
    new = source.look()
    os.utime(file, (4_000_000_000, 4_000_000_000))
    future = source.look()
    assert old is not None
    assert new is not None
    assert future is not None
    assert (old.fresh, new.fresh, future.fresh) == (False, True, False)


def test_a_directory_stands_for_its_only_configuration(file: Path) -> None:
    (file.parent / "dirac.cfg").write_text("local")
    (file.parent / "CS.cfg.0123456789abcdef").write_text("half")
    assert seen(FileSource(file.parent, settle=0)) == b"one"


def test_a_directory_with_several_configurations_is_an_error_that_names_them(file: Path) -> None:
    (file.parent / "Other.cfg").write_text("x")
    with pytest.raises(SettingsError, match=r"CS\.cfg, Other\.cfg"):
        FileSource(file.parent).look()


def test_a_missing_file_is_unavailable_and_seen_when_it_comes_back(file: Path) -> None:
    source = FileSource(file, settle=0)
    seen(source)
    file.unlink()
    with pytest.raises(Unavailable, match="can't be read"):
        source.look()
    file.write_text("two")
    assert seen(source) == b"two"


def test_the_committer_is_the_one_in_the_name_of_the_backup(file: Path) -> None:
    folder = file.parent / "csbackup" / "2026" / "03"
    folder.mkdir(parents=True)
    (folder / "CS.ada.b@2026-03-01 10:00:00.000001.zip").touch()
    source = FileSource(file)
    assert source.committer("2026-03-01 10:00:00.000001") == "ada.b"
    assert source.committer("2026-03-01 10:00:00.00000?") is None

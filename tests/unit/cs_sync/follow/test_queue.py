"""What is on the disk survives, in order, whatever happens to the process."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diracx_bridge.core.errors import SetupError, Unavailable
from diracx_bridge.cs_sync.follow.spool import Spool
from diracx_bridge.cs_sync.follow.state import StateFolder
from diracx_bridge.cs_sync.git.change import Change, Person


def change(value: object) -> Change:
    return Change(
        {"value": value, "name": "José"}, "Set", {"a": "b"}, Person("a", "b"), datetime(2026, 1, 1, tzinfo=UTC), {}, "e"
    )


def test_changes_come_back_as_they_were_and_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "queue")
    for number in (2, 10, 1):
        spool.put(number, change(number))
    found = Spool(tmp_path / "queue").waiting()
    assert [number for number, _ in found] == [1, 2, 10]
    assert found[0][1].as_dict() == change(1).as_dict()
    newest = spool.newest()
    assert newest is not None
    assert newest[0] == 10


def test_a_change_that_is_published_is_forgotten(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "queue")
    spool.put(1, change(1))
    spool.remove(1)
    assert spool.waiting() == []
    assert len(spool) == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"content": 3}', "null"])
def test_a_damaged_file_is_put_aside_and_does_not_stop_the_others(tmp_path: Path, text: str) -> None:
    spool = Spool(tmp_path / "queue")
    spool.put(1, change(1))
    (tmp_path / "queue" / "000000000002.json").write_text(text)
    spool.put(3, change(3))
    assert [number for number, _ in spool.waiting()] == [1, 3]
    assert (tmp_path / "queue" / "000000000002.damaged").read_text() == text


def test_a_disk_that_is_full_is_an_error_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path / "queue")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SetupError, match="No space left"):
        spool.put(1, change(1))
    assert list((tmp_path / "queue").iterdir()) == []


def test_memory_is_kept_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    folder.memory.agreed = "abc"
    folder.save()
    folder.accept(change(1))
    again = StateFolder(tmp_path / "state")
    assert again.memory == folder.memory
    accepted = again.accepted()
    assert accepted is not None
    assert accepted.content == {"value": 1, "name": "José"}
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "state").iterdir()} == {0}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"unknown": 1}'])
def test_a_damaged_memory_begins_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    (tmp_path / "accepted.json").write_text(text)
    folder = StateFolder(tmp_path)
    assert folder.memory.agreed is None
    assert folder.accepted() is None


def test_a_second_process_is_kept_out_and_told_which_one_is_in(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from diracx_bridge.cs_sync.follow.state import StateFolder\n"
        "with StateFolder(Path(sys.argv[1])).held(): print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(Unavailable, match=rf"process {other.pid}\)"), StateFolder(tmp_path).held():
            pass
        other.kill()
        other.wait()
        with StateFolder(tmp_path).held():
            pass

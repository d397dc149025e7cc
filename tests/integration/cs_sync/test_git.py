"""Changes reach a branch by every protocol: once, on top of what others wrote, and only when something changed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diracx_bridge.core.errors import BridgeError, SettingsError, SetupError, Unavailable
from diracx_bridge.cs_sync.git.branch import open_branch
from diracx_bridge.cs_sync.git.change import Change, Person
from diracx_bridge.cs_sync.git.drift import DriftPolicy
from diracx_bridge.cs_sync.git.place import Login, Place
from diracx_bridge.cs_sync.git.publish import Outcome, Writer, publish
from tests.integration.config.git_https import GitServer

from .git_ssh import SshServer
from .repository import Repository

Make = Callable[..., Change]


def put(place: Place, state: Path, *changes: Change, policy: DriftPolicy = DriftPolicy.OVERWRITE) -> Outcome:
    return publish(open_branch(place, state), changes, Writer(policy))


def test_an_empty_repository_gets_its_first_commit(
    place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    outcome = put(place, tmp_path / "state", change(1))
    assert outcome.made == (outcome.commit,) == (repository.tip(),)
    assert repository.content() == {"value": "1"}
    repository.check()


def test_several_changes_are_several_commits_in_one_push(
    place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    put(place, tmp_path / "state", change(1))
    outcome = put(place, tmp_path / "state", change(1), change(2), change(2), change(3))
    assert repository.log("%s") == ["Set 1", "Set 2", "Set 3"]
    assert len(outcome.made) == 2
    assert not put(place, tmp_path / "state", change(3)).made


def test_a_change_that_is_there_already_is_not_made_again(
    place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    queued = [change(1, entry="e1"), change(2, entry="e2")]
    put(place, tmp_path / "state", *queued)
    put(place, tmp_path / "other state", *queued)
    assert repository.log("%s") == ["Set 1", "Set 2"]


def test_the_commit_says_who_when_and_from_what(
    place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    when = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    made = change(1, author=Person("ada", "ada@example.org"), when=when, note={"findings": {"a": 1}}, entry="e1")
    put(place, tmp_path / "state", made)
    assert repository.log("%an <%ae> %at") == [f"ada <ada@example.org> {int(when.timestamp())}"]
    assert repository.log("%(trailers:key=Sync-Entry,valueonly,separator=)") == ["e1"]
    assert '"findings"' in repository.git("notes", "--ref=diracx-bridge", "show", "master")


def test_a_writer_with_an_old_clone_builds_on_what_others_pushed(
    place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    branch = open_branch(place, tmp_path / "state")
    publish(branch, [change(1, note={"a": 1})])
    put(place, tmp_path / "other", change(2, note={"a": 2}))
    publish(branch, [change(3, note={"a": 3})])
    assert repository.log("%s") == ["Set 1", "Set 2", "Set 3"]
    assert len(repository.git("notes", "--ref=diracx-bridge", "list").splitlines()) == 3
    repository.check()


def test_racing_writers_lose_nothing(place: Place, repository: Repository, change: Make, tmp_path: Path) -> None:
    put(place, tmp_path / "state", change("start"))

    def write(writer: int) -> None:
        branch = open_branch(place, tmp_path / f"state-{writer}")
        for number in range(4):
            while True:
                try:
                    publish(branch, [change(f"{writer}-{number}")], Writer(DriftPolicy.OVERWRITE))
                    break
                except Unavailable:
                    continue

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    subjects = repository.log("%s")
    assert sorted(subjects[1:]) == sorted(f"Set {writer}-{number}" for writer in range(2) for number in range(4))
    times = list(map(int, repository.log("%ct")))
    assert times == sorted(set(times))
    repository.check()


@pytest.mark.parametrize("head", ["main", "master"])
def test_the_branch_is_the_one_there_is(tmp_path: Path, change: Make, head: str) -> None:
    repository = Repository(tmp_path / "cs.git", head)
    repository.commit({"value": "0"}, branch=head)
    put(Place(repository.path), tmp_path, change(1))
    assert repository.log("%s", head) == ["by hand", "Set 1"]


def test_an_empty_repository_gets_the_branch_that_diracx_reads(tmp_path: Path, change: Make) -> None:
    repository = Repository(tmp_path / "cs.git", "main")
    put(Place(repository.path), tmp_path, change(1))
    assert repository.git("symbolic-ref", "HEAD") == "refs/heads/master"


def test_a_branch_of_its_own_leaves_the_others(
    place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    first = put(place, tmp_path / "a", change(1)).commit
    put(replace(place, branch="staging"), tmp_path / "b", change(2))
    assert repository.tip() == first
    assert repository.content("staging") == {"value": "2"}


def test_another_layout_of_equal_content_makes_no_commit(repository: Repository, change: Make, tmp_path: Path) -> None:
    made = repository.commit(b'# by hand\nvalue: "1"\n')
    outcome = put(Place(repository.path), tmp_path, change(1), policy=DriftPolicy.STOP)
    assert (outcome.commit, outcome.made) == (made, ())


def test_other_files_of_the_branch_are_kept(repository: Repository, change: Make, tmp_path: Path) -> None:
    repository.commit(b"read me", file="README")
    put(Place(repository.path), tmp_path, change(1))
    assert repository.git("ls-tree", "--name-only", "master").split() == ["README", "default.yml"]


@pytest.mark.parametrize("before", [b"a: [", b"- 1", b"\xff"])
def test_broken_content_before_is_replaced(repository: Repository, change: Make, tmp_path: Path, before: bytes) -> None:
    repository.commit(before)
    put(Place(repository.path), tmp_path, change(1))
    assert repository.content() == {"value": "1"}


def test_a_work_tree_is_not_touched(change: Make, tmp_path: Path) -> None:
    outside = Repository(tmp_path / "x.git")
    outside.git("init", "-q", "-b", "master", tmp_path / "cs")
    (tmp_path / "cs" / "mine.txt").write_text("mine")
    put(Place(tmp_path / "cs"), tmp_path, change(1))
    assert [file.name for file in (tmp_path / "cs").iterdir() if file.name != ".git"] == ["mine.txt"]


def test_commit_times_increase_even_when_the_clock_goes_back(
    repository: Repository, change: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, moment in enumerate((2_000_000_000, 1_000_000_000, 1_000_000_000)):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        put(Place(repository.path), tmp_path, change(number))
    assert repository.log("%ct") == ["2000000000", "2000000001", "2000000002"]


@pytest.mark.parametrize("branch", ["a..b", "with blank", "x.lock"])
def test_a_branch_that_git_refuses_is_refused(
    repository: Repository, change: Make, tmp_path: Path, branch: str
) -> None:
    with pytest.raises(SettingsError, match="branch"):
        put(Place(repository.path, branch), tmp_path, change(1))


def test_a_folder_that_is_no_repository_is_left_alone(change: Make, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "y").write_text("y")
    with pytest.raises(SetupError, match="can't be written"):
        put(Place(tmp_path / "x"), tmp_path, change(1))
    assert [file.name for file in (tmp_path / "x").iterdir()] == ["y"]


def test_a_branch_that_the_server_protects_is_an_error_that_says_so(
    https_place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    hook = repository.path / "hooks" / "update"
    hook.write_text("#!/bin/sh\ncase $1 in refs/heads/*) exit 1;; esac\n")
    hook.chmod(0o755)
    with pytest.raises(SetupError, match="refuses to move the branch master"):
        put(https_place, tmp_path / "state", change(1, note={"a": 1}))
    assert not repository.tip()


def test_a_wrong_token_is_an_error_without_the_token(
    https_place: Place, change: Make, tmp_path: Path, https_server: GitServer
) -> None:
    place = replace(https_place, login=Login(token="wr0ng-secret", ca=https_server.ca))
    with pytest.raises(BridgeError, match="refused us") as caught:
        put(place, tmp_path / "state", change(1))
    assert "wr0ng" not in str(caught.value)
    assert not _holding(tmp_path, b"wr0ng")


def test_no_file_of_ours_holds_the_token(https_place: Place, change: Make, tmp_path: Path) -> None:
    put(https_place, tmp_path / "state", change(1))
    assert not _holding(tmp_path / "state", b"t0p-secret")
    assert not _holding(tmp_path / "served", b"t0p-secret")


def test_a_host_key_that_is_not_known_is_refused(
    ssh_server: SshServer, repository: Repository, change: Make, tmp_path: Path
) -> None:
    (tmp_path / "known").write_text("")
    login = Login(key=ssh_server.key, known_hosts=tmp_path / "known")
    with pytest.raises(Unavailable, match="host key or certificate is not trusted"):
        put(Place(ssh_server.url(repository.path), login=login), tmp_path / "state", change(1))


def test_a_certificate_of_an_unknown_authority_is_refused(https_place: Place, tmp_path: Path) -> None:
    # in a process of its own: libgit2 forgets no authority that it was told of
    script = (
        "import sys; from pathlib import Path; from diracx_bridge.cs_sync.git.branch import open_branch; "
        "from diracx_bridge.cs_sync.git.place import Place; open_branch(Place(sys.argv[1]), Path(sys.argv[2])).look()"
    )
    command = [sys.executable, "-c", script, str(https_place), str(tmp_path / "state")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "host key or certificate is not trusted" in done.stderr


def test_a_server_that_is_down_is_unavailable(
    https_place: Place, change: Make, tmp_path: Path, https_server: GitServer
) -> None:
    https_server.down = True
    with pytest.raises(Unavailable, match=r"can't be read"):
        put(https_place, tmp_path / "state", change(1))


def _holding(folder: Path, secret: bytes) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and secret in file.read_bytes()]

"""`diracx-bridge cs sync` follows a file to a repository, and survives what happens on the way."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from diracx_bridge.cs_sync.git.place import Place
from tests.integration.config.git_https import GitServer
from tests.servers.system_packages import commands, require

from .following import Daemon, legacy, run, until, verify
from .repository import Repository


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "etc" / "CS.cfg"
    path.parent.mkdir()
    path.write_text(legacy(1))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return path


def renamed(file: Path, text: str) -> None:
    """Replace the file as DIRAC does."""
    new = file.with_name(f"{file.name}.0123456789abcdef")
    new.write_text(text)
    new.rename(file)


def test_exit_codes_tell_changed_unchanged_and_refused(file: Path, repository: Repository, tmp_path: Path) -> None:
    def code(*more: object) -> int:
        return run(file, repository.path, "--state", tmp_path / "state", *more).returncode

    assert code("--dry-run", "--exit-code") == 4
    assert not repository.tip()
    assert code("--exit-code") == 4
    assert code("--exit-code") == 0
    assert code("--dry-run", "--exit-code") == 0
    file.write_text("broken {")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert code("--dry-run") == 1
    assert code() == 1
    assert code("--branch", "a..b") == 3
    assert run(file, "ftp://x/y").returncode == 2
    assert len(repository.log("%s")) == 1


def test_a_run_as_json_says_what_happened(file: Path, repository: Repository, tmp_path: Path) -> None:
    done = run(file, repository.path, "--json", DIRACX_BRIDGE_CS_SYNC_STATE=str(tmp_path / "state"))
    said = json.loads(done.stdout)
    assert said["ended"] == "changed"
    assert said["made"] == [said["commit"]] == [repository.tip()]
    assert said["report"]["options"]["total"] > 100


def test_drift_ends_with_refused_and_says_who_it_was(file: Path, repository: Repository, tmp_path: Path) -> None:
    arguments = (file, repository.path, "--state", tmp_path / "state")
    assert run(*arguments).returncode == 0
    content = repository.content()
    assert isinstance(content, dict)
    theirs = repository.commit({**content, "DIRAC": {"NoSetup": False}})
    done = run(*arguments)
    assert done.returncode == 1
    assert "by Other Writer" in done.stderr
    assert repository.tip() == theirs
    assert run(*arguments, "--drift", "keep").returncode == 0
    assert repository.content() == {**content, "DIRAC": {"NoSetup": False}}


def test_the_daemon_publishes_a_change_and_tells_its_figures(
    file: Path, repository: Repository, tmp_path: Path
) -> None:
    with Daemon(tmp_path / "log", file, repository.path, "--state", tmp_path / "state", "--json") as daemon:
        until("the first commit", repository.tip)
        until("ready", daemon.ready)
        assert daemon.get("/healthz") == (200, {"alive": True})
        renamed(file, legacy(2))
        until("the second commit", lambda: len(repository.log("%s")) == 2)
        with file.open("w") as out:
            out.write(legacy(3))
        until("the third commit", lambda: len(repository.log("%s")) == 3)
        until("the figures", lambda: daemon.metric("commits_total") == 3)
        assert daemon.metric("age_seconds") == 0
        assert daemon.metric("served_version_seconds") == daemon.metric("known_version_seconds") > 0
        assert 10e6 < daemon.metric("resident_bytes") < 100e6
        assert daemon.end() == 0
    assert '"ended": "changed"' in daemon.log


def test_what_changes_nothing_in_diracx_makes_no_commit(file: Path, repository: Repository, tmp_path: Path) -> None:
    with Daemon(tmp_path / "log", file, repository.path, "--state", tmp_path / "state") as daemon:
        until("the first commit", repository.tip)
        renamed(file, legacy(2, share=1))
        until("the text was looked at", lambda: daemon.metric('texts_total{ended="unchanged"}'))
        assert len(repository.log("%s")) == 1
        until("ready", daemon.ready)


def test_a_half_written_file_is_waited_for_and_a_broken_one_is_refused(
    file: Path, repository: Repository, tmp_path: Path
) -> None:
    with Daemon(tmp_path / "log", file, repository.path, "--state", tmp_path / "state") as daemon:
        until("ready", daemon.ready)
        whole = legacy(2)
        with file.open("w") as out:
            out.write(whole[: len(whole) // 2])
            out.flush()
            until("it was looked at", lambda: daemon.metric('texts_total{ended="half written"}'))
            assert daemon.ready()
            out.write(whole[len(whole) // 2 :])
        until("the second commit", lambda: len(repository.log("%s")) == 2)
        file.write_text("broken {")
        os.utime(file, (1_000_000_000, 1_000_000_000))
        assert "syntax-unclosed" in until("it is refused", daemon.problems)["refused"]
        assert daemon.metric("refused") == 1
        assert daemon.metric("age_seconds") > 0
        renamed(file, legacy(3))
        until("ready", daemon.ready)
        assert len(repository.log("%s")) == 3


def test_changes_made_while_the_git_server_is_down_survive_a_kill(
    file: Path, repository: Repository, https_place: Place, https_server: GitServer, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("t0p-secret\n")
    arguments = (
        file, https_place, "--state", tmp_path / "state", "--token-file", token, "--ca", https_server.ca,
    )  # fmt: skip
    with Daemon(tmp_path / "log", *arguments) as daemon:
        until("the first commit", repository.tip)
        https_server.down = True
        for number in (2, 3):
            renamed(file, legacy(number))
            until("it is queued", lambda number=number: daemon.metric("queued") == number - 1)
        assert "can't be read" in daemon.problems()["publish"]
        daemon.process.kill()
    file.unlink()
    https_server.down = False
    with Daemon(tmp_path / "log", *arguments) as daemon:
        until("both are published", lambda: len(repository.log("%s")) == 3)
        assert "can't be read" in daemon.problems()["source"]
        file.write_text(legacy(3))
        until("ready", daemon.ready)
    assert len(set(repository.log("%(trailers:key=CS-Version,valueonly,separator=)"))) == 3
    assert "t0p-secret" not in daemon.log
    repository.check()


def test_a_second_daemon_is_kept_out(file: Path, repository: Repository, tmp_path: Path) -> None:
    with Daemon(tmp_path / "log", file, repository.path, "--state", tmp_path / "state"):
        done = run(file, repository.path, "--state", tmp_path / "state")
        assert done.returncode == 3
        assert "Another synchroniser" in done.stderr


def test_a_file_that_is_older_or_lacks_too_much_is_refused_even_by_a_process_without_memory(
    file: Path, repository: Repository, tmp_path: Path
) -> None:
    file.write_text(legacy(9))
    assert run(file, repository.path, "--state", tmp_path / "state").returncode == 0
    file.write_text(legacy(8, share=7))
    os.utime(file, (1_000_000_000, 1_000_000_000))
    for number in range(2):
        done = run(file, repository.path, "--state", tmp_path / f"another-{number}")
        assert done.returncode == 1
        assert "version-older" in done.stderr
    file.write_text(legacy(10).replace("gridlab_user", "gridlab_users", 1).replace("UserSubjects", "Subjects"))
    os.utime(file, (1_000_000_000, 1_000_000_000))
    done = run(file, repository.path, "--state", tmp_path / "state")
    assert done.returncode == 1
    assert "entries-vanished" in done.stderr
    assert len(repository.log("%s")) == 1


def test_the_daemon_finds_drift_when_told_to_look_at_everything(
    file: Path, repository: Repository, tmp_path: Path
) -> None:
    with Daemon(tmp_path / "log", file, repository.path, "--state", tmp_path / "state") as daemon:
        until("ready", daemon.ready)
        repository.commit({"theirs": "1"})
        daemon.process.send_signal(signal.SIGHUP)
        assert "by Other Writer" in until("drift", daemon.problems)["drift"]
        assert daemon.metric("drift") == 1


def test_a_text_is_verified_against_what_is_in_force(file: Path, repository: Repository, tmp_path: Path) -> None:
    socket_file = tmp_path / "verify.sock"
    arguments = (file, repository.path, "--state", tmp_path / "state", "--listen", socket_file)
    with Daemon(tmp_path / "log", *arguments) as daemon:
        until("ready", daemon.ready)
        same = daemon.get("/verify", legacy(2).encode())[1]
        assert (same["ok"], same["whole"], same["findings"]) == (True, False, [])
        assert same["known"] > 0
        worse = daemon.get("/verify", legacy(3, share="half").encode())[1]
        assert (worse["ok"], worse["whole"]) == (False, False)
        assert [finding["line"] for finding in worse["findings"]]
        (tmp_path / "worse.cfg").write_text(legacy(3, share="half"))
        told = verify(tmp_path / "worse.cfg", "--at", socket_file)
        assert told.returncode == 0
        assert "number-invalid" in told.stdout
        blocked = verify(tmp_path / "worse.cfg", tmp_path / "out.yml", "--at", socket_file, "--block")
        assert blocked.returncode == 1
        assert blocked.stderr.startswith("ValidationError: New errors:")
        assert socket_file.stat().st_mode & 0o777 == 0o700
        assert daemon.get("/nothing")[0] == 404
        assert len(repository.log("%s")) == 1
        daemon.end()
    assert not socket_file.exists()
    silent = verify(tmp_path / "worse.cfg", "--at", socket_file)
    assert (silent.returncode, silent.stdout) == (0, "")
    assert "Not verified" in silent.stderr
    assert verify(tmp_path / "worse.cfg", "--at", socket_file, "--block").returncode == 3


def test_times_of_files_in_the_future_do_no_harm(repository: Repository, file: Path, tmp_path: Path) -> None:
    os.utime(file, (time.time() + 10**7, time.time() + 10**7))
    assert run(file, repository.path, "--state", tmp_path / "state").returncode == 0
    assert len(repository.log("%s")) == 1


def test_a_clock_that_jumps_neither_stops_the_daemon_nor_turns_the_times_of_commits_back(
    repository: Repository, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(commands("faketime"), "faketime")
    clock = tmp_path / "clock"
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    for name, value in {
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "FAKE_STAT": "0", "NO_FAKE_STAT": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    clock.write_text("+0")
    with Daemon(tmp_path / "log", file, repository.path, "--state", tmp_path / "state") as daemon:
        until("ready", daemon.ready)
        for number, jump in enumerate(["+30d", "-400d", "-401d", "+0"], 2):
            clock.write_text(jump)
            begin = time.monotonic()
            renamed(file, legacy(number))
            until("the change is published", lambda number=number: len(repository.log("%s")) == number)
            assert time.monotonic() - begin < 10
        until("ready", daemon.ready)
        clock.write_text("-10d")
        repository.path.rename(tmp_path / "away.git")
        renamed(file, legacy(6))
        until("the outage is told", lambda: "publish" in daemon.problems())
        clock.write_text("+20d")
        (tmp_path / "away.git").rename(repository.path)
        until("the change is published", lambda: len(repository.log("%s")) == 6)
        assert daemon.end() == 0
    times = [int(moment) for moment in repository.log("%ct")]
    assert times == sorted(set(times))
    assert times[1] > time.time() + 20 * 86400

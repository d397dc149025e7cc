"""Whatever happens on the way, nothing is lost, nothing is published twice, and the repository is sound."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.cs_sync.git.branch import open_branch
from diracx_bridge.cs_sync.git.change import Change
from diracx_bridge.cs_sync.git.drift import DriftFound
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.git.publish import publish
from tests.integration.config.git_https import GitServer

from .following import command, legacy, run
from .repository import Repository

Make = Callable[..., Change]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "CS.cfg"
    put(path, legacy(1))
    return path


def put(path: Path, text: str) -> None:
    """Write a text that is not fresh."""
    path.write_text(text)
    os.utime(path, (1_000_000_000, 1_000_000_000))


@pytest.mark.parametrize(("protocol", "points"), [("file", 40), ("https", 16)])
def test_a_run_that_is_killed_anywhere_is_made_good_by_the_next_one(
    protocol: str, points: int, file: Path, repository: Repository, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    more: list[object] = []
    place = Place(repository.path)
    if protocol == "https":
        place = request.getfixturevalue("https_place")
        more = [place.login.token, place.login.ca]
    options = ["--token-file", tmp_path / "token", "--ca", place.login.ca] if more else []
    (tmp_path / "token").write_text("t0p-secret")
    assert run(file, place, "--state", tmp_path / "state", *options).returncode == 0
    put(file, legacy(2))
    script = Path(__file__).with_name("kill_points.py")
    arguments = [sys.executable, script, tmp_path, repository.path, place, points, *more]
    with subprocess.Popen(
        list(map(str, arguments)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines = int(process.stdout.readline())
        killed = 0
        for line in process.stdout:
            seen = json.loads(line)
            assert seen["after"] == 0, seen
            killed += seen["killed"] == -9
            assert [value[:7] for value in repository.log("%s")] == ["Convert", "Convert"], seen
            assert repository.log("%(trailers:key=CS-Version,valueonly,separator=)")[1].endswith("08:00:02.000000"), (
                seen
            )
            assert list((tmp_path / "state" / "queue").iterdir()) == [], seen
            repository.check()
            process.stdin.write("\n")
            process.stdin.flush()
    assert process.returncode == 0
    assert lines > 200
    assert killed >= points * 0.9


def test_a_push_whose_answer_is_lost_is_not_made_twice(
    https_place: Place, https_server: GitServer, repository: Repository, change: Make, tmp_path: Path
) -> None:
    branch = open_branch(https_place, tmp_path / "state")
    publish(branch, [change(1)])
    queued = [change(2, entry="e2", note={"a": 1}), change(3, entry="e3")]
    https_server.loses_answers = True
    try:
        with pytest.raises(Unavailable):
            publish(branch, queued)
    finally:
        https_server.loses_answers = False
    assert repository.log("%s") == ["Set 1", "Set 2", "Set 3"]
    repository.commit({"value": "theirs"})
    outcome = publish(branch, queued)
    assert outcome.made == ()
    assert outcome.commit == repository.git("rev-parse", "master~1")
    assert repository.log("%s") == ["Set 1", "Set 2", "Set 3", "by hand"]


def test_rewritten_history_on_a_server_is_found_and_nothing_is_forced(
    https_place: Place, repository: Repository, change: Make, tmp_path: Path
) -> None:
    branch = open_branch(https_place, tmp_path / "state")
    publish(branch, [change(1)])
    agreed = publish(branch, [change(2)]).commit
    repository.git("update-ref", "refs/heads/master", repository.commit({"value": "other"}, parent=f"{agreed}~1"))
    before = repository.tip()
    with pytest.raises(DriftFound, match="rewritten"):
        publish(branch, [change(3)], agreed=agreed)
    assert repository.tip() == before
    repository.check()


@pytest.mark.parametrize("damage", ["objects", "tip", "HEAD", "config", "refs", "everything"])
def test_a_damaged_clone_is_made_again(
    https_place: Place, repository: Repository, change: Make, tmp_path: Path, damage: str
) -> None:
    for number in (1, 2):
        publish(open_branch(https_place, tmp_path / "state"), [change(number, note={"a": number})])
    clone = tmp_path / "state" / "clone.git"
    tip = repository.tip()
    for path in sorted(clone.rglob("*")):
        name = str(path.relative_to(clone))
        chosen = {
            "objects": name.startswith("objects/"),
            "tip": name == f"objects/{tip[:2]}/{tip[2:]}",
            "everything": True,
        }.get(damage, name.startswith(damage))
        if path.is_file() and chosen:
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:3] + b"\0damaged")
    branch = open_branch(https_place, tmp_path / "state")
    publish(branch, [change(3, note={"a": 3})])
    assert repository.log("%s") == ["Set 1", "Set 2", "Set 3"]
    repository.check()


@pytest.mark.parametrize("limit", [0, 200, 1000, 3000, 6000])
def test_a_full_disk_leaves_everything_as_it_was(
    file: Path, repository: Repository, tmp_path: Path, limit: int
) -> None:
    arguments = (file, repository.path, "--state", tmp_path / "state")
    assert run(*arguments).returncode == 0
    before = repository.tip()
    put(file, legacy(2))

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    # standard output and error are pipes, which have no limit
    done = subprocess.run(command(*arguments), capture_output=True, text=True, check=False, preexec_fn=full)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "can't be written" in done.stderr
    assert repository.tip() == before
    repository.check()
    assert run(*arguments).returncode == 0
    assert len(repository.log("%s")) == 2
    repository.check()

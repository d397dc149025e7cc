"""What others did to the branch is found, and dealt with as the policy says."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.cs_sync.git.branch import open_branch
from diracx_bridge.cs_sync.git.change import Change
from diracx_bridge.cs_sync.git.commits import Signer
from diracx_bridge.cs_sync.git.drift import DriftFound, DriftPolicy
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.git.publish import Outcome, Writer, publish
from diracx_bridge.cs_sync.git.signing import ssh_signer

from .git_ssh import SshServer
from .repository import Repository

Make = Callable[..., Change]
Put = Callable[..., Outcome]


@pytest.fixture
def put(repository: Repository, tmp_path: Path) -> Put:
    """Publishes to the repository with one state directory."""

    def publish_one(
        *changes: Change,
        policy: DriftPolicy = DriftPolicy.STOP,
        agreed: str | None = None,
        signer: Signer | None = None,
    ) -> Outcome:
        branch = open_branch(Place(repository.path), tmp_path / "state")
        return publish(branch, changes, Writer(policy, signer=signer), agreed=agreed)

    return publish_one


def test_a_change_of_others_stops_the_tool_and_is_told_with_its_author(
    put: Put, repository: Repository, change: Make
) -> None:
    put(change(1))
    theirs = repository.commit({"value": "theirs"})
    with pytest.raises(DriftFound, match=f"{theirs[:10]} by Other Writer") as caught:
        put(change(2))
    assert [str(commit.id) for commit in caught.value.drift.commits] == [theirs]
    assert repository.tip() == theirs


def test_a_change_of_others_that_the_legacy_side_has_made_too_is_agreed_with(
    put: Put, repository: Repository, change: Make
) -> None:
    put(change(1))
    theirs = repository.commit({"value": "2"})
    agreed = put(change(2))
    assert agreed.commit == theirs
    assert put(change(3), agreed=agreed.commit).made


def test_a_commit_of_others_that_leaves_the_configuration_alone_is_no_drift(
    put: Put, repository: Repository, change: Make
) -> None:
    put(change(1))
    repository.commit(b"read me", file="README")
    put(change(2))
    assert repository.log("%s") == ["Set 1", "by hand", "Set 2"]


def test_overwriting_keeps_theirs_in_the_history(put: Put, repository: Repository, change: Make) -> None:
    put(change(1))
    repository.commit({"value": "theirs"})
    outcome = put(change(2), policy=DriftPolicy.OVERWRITE)
    assert outcome.drift
    assert repository.log("%s") == ["Set 1", "by hand", "Set 2"]
    assert repository.content() == {"value": "2"}


def test_what_is_kept_is_laid_over_every_later_conversion(put: Put, repository: Repository, change: Make) -> None:
    put(change(1))
    repository.commit({"value": "1", "only in DiracX": {"a": ["b"]}})
    put(change(2), policy=DriftPolicy.KEEP)
    assert repository.content() == {"value": "2", "only in DiracX": {"a": ["b"]}}
    outcome = put(change(3))
    assert outcome.overlaid == (("only in DiracX",),)
    assert repository.content() == {"value": "3", "only in DiracX": {"a": ["b"]}}
    assert repository.content(file="overlay.yml") == [{"path": ["only in DiracX"], "value": {"a": ["b"]}}]


def test_what_is_no_longer_in_the_overlay_goes_with_the_next_change(
    put: Put, repository: Repository, change: Make
) -> None:
    put(change(1))
    repository.commit({"more": "x"})
    put(change(2), policy=DriftPolicy.KEEP)
    assert repository.content() == {"more": "x"}
    repository.commit([{"path": ["more"], "value": "x"}], file="overlay.yml")
    put(change(2))
    assert repository.content() == {"more": "x", "value": "2"}


def test_a_configuration_that_was_never_ours_is_not_overwritten_unasked(
    put: Put, repository: Repository, change: Make
) -> None:
    repository.commit({"value": "theirs"})
    for policy in (DriftPolicy.STOP, DriftPolicy.KEEP):
        with pytest.raises(DriftFound, match="of others, and none of ours"):
            put(change(1), policy=policy)
    put(change(1), policy=DriftPolicy.OVERWRITE)
    assert repository.content() == {"value": "1"}


@pytest.mark.parametrize("rewritten_to", ["first", "nothing"])
def test_rewritten_history_is_found_and_built_upon_but_never_forced_back(
    put: Put, repository: Repository, change: Make, rewritten_to: str
) -> None:
    first = put(change(1)).commit
    published = put(change(2)).commit
    if rewritten_to == "first":
        repository.git("update-ref", "refs/heads/master", first)
    else:
        orphan = repository.git("commit-tree", f"{first}^{{tree}}", "-m", "squashed")
        repository.git("update-ref", "refs/heads/master", orphan)
    before = repository.tip()
    with pytest.raises(DriftFound, match="rewritten"):
        put(change(3), agreed=published)
    assert repository.tip() == before
    put(change(3), agreed=published, policy=DriftPolicy.OVERWRITE)
    assert repository.git("rev-parse", "master~1") == before
    assert repository.content() == {"value": "3"}


def test_history_that_was_rewritten_to_the_same_content_is_no_drift(
    put: Put, repository: Repository, change: Make
) -> None:
    published = put(change(1)).commit
    orphan = repository.git("commit-tree", f"{published}^{{tree}}", "-m", "squashed")
    repository.git("update-ref", "refs/heads/master", orphan)
    assert put(change(2), agreed=published).made


def test_signed_commits_are_verified_by_git(
    put: Put, repository: Repository, change: Make, ssh_server: SshServer, tmp_path: Path
) -> None:
    put(change(1), signer=ssh_signer(ssh_server.key))
    put(change(2), signer=ssh_signer(ssh_server.key))
    allowed = tmp_path / "allowed"
    allowed.write_text(f"diracx-bridge@localhost {ssh_server.key.with_suffix('.pub').read_text()}")
    for revision in ("master", "master~1"):
        command = ["git", "-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", revision]
        done = subprocess.run(command, cwd=repository.path, capture_output=True, text=True, check=False)
        assert "Good" in done.stderr, done.stderr
    repository.check()


def test_a_key_that_can_not_sign_is_an_error_and_nothing_is_written(
    put: Put, repository: Repository, change: Make, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("no key")
    with pytest.raises(SettingsError, match="can't sign"):
        put(change(1), signer=ssh_signer(tmp_path / "key"))
    assert not repository.tip()

"""Finds what others did to the branch since we last agreed with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pygit2
from pygit2.enums import SortMode

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.cs_sync.git.commits import blob_of, content_of, is_ours

__all__ = ["Drift", "DriftFound", "DriftPolicy", "find_drift"]


class DriftPolicy(StrEnum):
    """What is done about changes that others made to the configuration on the branch."""

    STOP = "stop"
    """Nothing is written until somebody decides."""
    OVERWRITE = "overwrite"
    """The legacy configuration wins; theirs stay in the history."""
    KEEP = "keep"
    """Theirs are laid over every conversion from now on: the overlay."""


class DriftFound(ConfigurationError):
    """Others changed the configuration, and the policy is to stop."""

    def __init__(self, drift: Drift, branch: str) -> None:
        keep = ", --drift keep lays it over every conversion from now on" if drift.can_be_kept else ""
        super().__init__(
            f"{drift.describe()} on the branch {branch}. Nothing was written. Make the legacy configuration say the "
            f"same, or choose: --drift overwrite takes it back{keep}"
        )
        self.drift = drift


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """Commits of others, newest first. ``before`` and ``after`` are the contents on both sides of them.

    ``rewritten`` means that a commit which was published is no longer part of the branch.
    """

    commits: tuple[pygit2.Commit, ...]
    before: Any
    after: Any
    rewritten: bool = False
    foreign: bool = False
    """Whether the branch never held anything of ours."""

    @property
    def can_be_kept(self) -> bool:
        """Whether it is known what was changed, and from what."""
        return not (self.rewritten or self.foreign)

    def describe(self) -> str:
        """Who did what, in one sentence without values."""
        if self.rewritten:
            return "The history that was published has been rewritten"
        if self.foreign:
            return "There is a configuration of others, and none of ours,"
        shown = "; ".join(f"{str(c.id)[:10]} by {c.author.name}" for c in self.commits[:5])
        more = f"; {len(self.commits) - 5} more" if len(self.commits) > 5 else ""
        return f"The configuration was changed by others ({shown}{more})"


def find_drift(repository: pygit2.Repository, tip: pygit2.Commit | None, agreed: str | None) -> Drift | None:
    """What others did up to ``tip`` since the last commit that we made, or agreed with.

    ``agreed`` is the hash of the commit with which we agreed last. Commits that leave the configuration as it was
    are no drift.
    """
    if tip is None or str(tip.id) == agreed:
        return None
    known = _commit(repository, agreed)
    rewritten = agreed is not None and (known is None or not repository.descendant_of(tip.id, known.id))
    base: pygit2.Commit | None = None
    others: list[pygit2.Commit] = []
    for commit in repository.walk(tip.id, SortMode.TOPOLOGICAL):
        if (known is not None and commit.id == known.id) or is_ours(commit):
            base = commit
            break
        others.append(commit)
    if rewritten and known is not None:
        base = known
    before, after = blob_of(base), blob_of(tip)
    if (before and before.id) == (after and after.id):
        return None
    if not others and not rewritten:
        return None
    return Drift(tuple(others), content_of(base), content_of(tip), rewritten, base is None)


def _commit(repository: pygit2.Repository, name: str | None) -> pygit2.Commit | None:
    try:
        return repository[name].peel(pygit2.Commit) if name else None
    except (KeyError, ValueError, pygit2.GitError):
        return None

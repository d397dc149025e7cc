"""Brings changes to a branch: each once, none without a difference, none over the head of another writer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pygit2
from pygit2.enums import SortMode

from diracx_bridge.core.errors import SetupError, Unavailable
from diracx_bridge.cs_sync.git.branch import Branch, troubles
from diracx_bridge.cs_sync.git.change import ENTRY_TRAILER, TOOL_TRAILER, Change, Person, trailers_of
from diracx_bridge.cs_sync.git.commits import Signer, blob_of, content_of, make, overlay_of
from diracx_bridge.cs_sync.git.drift import Drift, DriftFound, DriftPolicy, find_drift
from diracx_bridge.cs_sync.git.overlay import Overlay, apply, changes, merged
from diracx_bridge.cs_sync.yaml_text import to_yaml

__all__ = ["Outcome", "Writer", "publish"]

_ATTEMPTS: Final = 5
_LOOKED_BACK: Final = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """``commit`` holds the last of the changes; ``made`` are the commits that were needed for them, oldest first.

    ``tip`` is where the branch stood before, ``drift`` what others had done to it, ``overlaid`` the typed paths at
    which the overlay made a difference.
    """

    commit: str
    tip: str | None = None
    made: tuple[str, ...] = ()
    drift: Drift | None = None
    overlaid: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """Who publishes, and how: see `publish`. ``backdated``: as if each change had been published when it was made."""

    policy: DriftPolicy = DriftPolicy.STOP
    committer: Person | None = None
    signer: Signer | None = None
    backdated: bool = False


def publish(
    branch: Branch, wanted: Sequence[Change], writer: Writer | None = None, *, agreed: str | None = None
) -> Outcome:
    """Make the branch hold each of ``wanted`` in turn (at least one), with a commit for each that changes something.

    ``agreed`` is the hash of the commit with which we agreed last, if any: what others did later is drift.

    Raises:
        DriftFound: others changed the configuration, and the policy is to stop.
        SetupError: the repository can't be opened or written.
        Unavailable: it does not answer, or other writers were faster every time.
    """
    repaired = False
    for _ in range(_ATTEMPTS):
        tip = branch.look()
        try:
            with troubles(branch.name):
                made, outcome = _Work(branch.repository, branch.name, tip, writer or Writer(), agreed).build(wanted)
        except SetupError:
            if repaired or not branch.repair():
                raise
            repaired = True
            continue
        if not made:
            return outcome
        notes = {str(commit.id): _note(change) for commit, change in made if change.note}
        if branch.move(tip, made[-1][0], notes):
            return outcome
    raise Unavailable(f"Branch {branch.name} keeps moving: another writer is at work")


@dataclass(slots=True)
class _Work:
    """One attempt, on top of ``tip``."""

    repository: pygit2.Repository
    name: str
    tip: pygit2.Commit | None
    writer: Writer
    agreed: str | None

    def build(self, wanted: Sequence[Change]) -> tuple[list[tuple[pygit2.Commit, Change]], Outcome]:
        """The commits that are needed, which no branch holds yet."""
        before = str(self.tip.id) if self.tip else None
        published = self.published([change.entry for change in wanted if change.entry])
        waiting = [change for change in wanted if change.entry not in published]
        if not waiting:
            return [], Outcome(published[wanted[-1].entry], before)
        overlay: Overlay = overlay_of(self.tip)
        drift = find_drift(self.repository, self.tip, self.agreed)
        adopted: Overlay | None = None
        if drift and self.stops(drift):
            content, _ = apply(overlay, waiting[-1].content)
            if self.tip is None or not _holds(self.tip, content, to_yaml(content), waiting[-1]):
                raise DriftFound(drift, self.name)
            waiting = waiting[-1:]  # others did what the legacy side did as well
        elif drift and self.writer.policy is DriftPolicy.KEEP:
            overlay = adopted = merged(overlay, dict(changes(drift.before or {}, drift.after or {})))
        made: list[tuple[pygit2.Commit, Change]] = []
        touched: list[tuple[str, ...]] = []
        current = self.tip
        for change in waiting:
            content, touched = apply(overlay, change.content)
            text = to_yaml(content)
            if current is not None and adopted is None and _holds(current, content, text, change):
                continue
            current = make(
                self.repository,
                current,
                change,
                text,
                overlay=adopted,
                committer=self.writer.committer,
                signer=self.writer.signer,
                backdated=self.writer.backdated,
            )
            adopted = None
            made.append((current, change))
        held = str(current.id) if current else ""
        return made, Outcome(held, before, tuple(str(commit.id) for commit, _ in made), drift, tuple(touched))

    def stops(self, drift: Drift) -> bool:
        policy = self.writer.policy
        return policy is DriftPolicy.STOP or (policy is DriftPolicy.KEEP and not drift.can_be_kept)

    def published(self, entries: Iterable[str]) -> dict[str, str]:
        """Those of ``entries`` that are on the branch, with their commits: pushed, though we may not have been told."""
        sought = set(entries)
        found: dict[str, str] = {}
        if self.tip is not None and sought:
            for number, commit in enumerate(self.repository.walk(self.tip.id, SortMode.TOPOLOGICAL)):
                if number >= _LOOKED_BACK or len(found) == len(sought):
                    break
                entry = trailers_of(commit.message).get(ENTRY_TRAILER, "")
                if entry in sought:
                    found[entry] = str(commit.id)
        return found


def _holds(commit: pygit2.Commit, content: dict[str, Any], text: bytes, change: Change) -> bool:
    """Whether ``commit`` has equal content already, however it is laid out."""
    blob = blob_of(commit)
    if blob is None:
        return False
    if blob.data == text:
        return True
    # the same version of this tool would have written the same bytes: no need to parse them
    same_tool = trailers_of(commit.message).get(TOOL_TRAILER) == change.trailers.get(TOOL_TRAILER, "")
    return not same_tool and bool(content_of(commit) == content)


def _note(change: Change) -> str:
    return json.dumps(change.note, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

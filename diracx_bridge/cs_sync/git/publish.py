"""Brings changes to a branch: each once, none without a difference, none over the head of another writer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pygit2
from pygit2.enums import SortMode

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.cs_sync.git.branch import Branch, troubles
from diracx_bridge.cs_sync.git.change import ENTRY_TRAILER, TOOL_TRAILER, Change, Person, trailers_of
from diracx_bridge.cs_sync.git.commits import Signer, blob_of, content_of, make, overlay_of
from diracx_bridge.cs_sync.git.drift import Drift, DriftFound, DriftPolicy, find_drift
from diracx_bridge.cs_sync.git.overlay import Overlay, apply, changes, merged
from diracx_bridge.cs_sync.yaml_text import to_yaml

__all__ = ["Outcome", "publish"]

_ATTEMPTS: Final = 5
_LOOKED_BACK: Final = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """``commit`` holds the last of the changes; ``made`` are the commits that were needed for them, oldest first.

    ``drift`` is what others had done, ``overlaid`` the typed paths at which the overlay made a difference.
    """

    commit: str
    made: tuple[str, ...] = ()
    drift: Drift | None = None
    overlaid: tuple[tuple[str, ...], ...] = ()


def publish(
    branch: Branch,
    wanted: Sequence[Change],
    *,
    policy: DriftPolicy = DriftPolicy.STOP,
    agreed: str | None = None,
    committer: Person | None = None,
    signer: Signer | None = None,
) -> Outcome:
    """Make the branch hold each of ``wanted`` in turn (at least one), with a commit for each that changes something.

    ``agreed`` is the hash of the commit with which we agreed last, if any: what others did later is drift.

    Raises:
        DriftFound: others changed the configuration, and ``policy`` is to stop.
        SetupError: the repository can't be opened or written.
        Unavailable: it does not answer, or other writers were faster every time.
    """
    for _ in range(_ATTEMPTS):
        tip = branch.look()
        with troubles(branch.name):
            made, outcome = _build(branch.repository, tip, wanted, policy, agreed, committer, signer, branch.name)
        if not made:
            return outcome
        notes = {str(commit.id): _note(change) for commit, change in made if change.note}
        if branch.move(tip, made[-1][0], notes):
            return outcome
    raise Unavailable(f"Branch {branch.name} keeps moving: another writer is at work")


def _build(
    repository: pygit2.Repository,
    tip: pygit2.Commit | None,
    wanted: Sequence[Change],
    policy: DriftPolicy,
    agreed: str | None,
    committer: Person | None,
    signer: Signer | None,
    name: str,
) -> tuple[list[tuple[pygit2.Commit, Change]], Outcome]:
    published = _published(repository, tip, [change.entry for change in wanted if change.entry])
    waiting = [change for change in wanted if change.entry not in published]
    overlay: Overlay = overlay_of(tip)
    adopted: Overlay | None = None
    drift = find_drift(repository, tip, agreed) if waiting else None
    stop = drift is not None and (policy is DriftPolicy.STOP or (policy is DriftPolicy.KEEP and not drift.can_be_kept))
    if drift and policy is DriftPolicy.KEEP and not stop:
        overlay = adopted = merged(overlay, dict(changes(drift.before or {}, drift.after or {})))
    made: list[tuple[pygit2.Commit, Change]] = []
    overlaid: tuple[tuple[str, ...], ...] = ()
    current = tip
    for change in waiting:
        content, touched = apply(overlay, change.content)
        overlaid = tuple(touched)
        text = to_yaml(content)
        if current is not None and adopted is None and _holds(current, content, text, change):
            continue
        if drift and stop:
            raise DriftFound(drift, name)
        current = make(repository, current, change, text, overlay=adopted, committer=committer, signer=signer)
        adopted = None
        made.append((current, change))
    held = str(current.id) if current else ""
    return made, Outcome(held, tuple(str(commit.id) for commit, _ in made), drift, overlaid)


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


def _published(repository: pygit2.Repository, tip: pygit2.Commit | None, entries: Iterable[str]) -> set[str]:
    """Those of ``entries`` that are on the branch: pushed before, though we may not have been told."""
    sought = set(entries)
    found: set[str] = set()
    if tip is not None and sought:
        for number, commit in enumerate(repository.walk(tip.id, SortMode.TOPOLOGICAL)):
            if number >= _LOOKED_BACK or found == sought:
                break
            entry = trailers_of(commit.message).get(ENTRY_TRAILER)
            if entry in sought:
                found.add(entry)
    return found


def _note(change: Change) -> str:
    return json.dumps(change.note, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

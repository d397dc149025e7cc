"""Commits of ``default.yml`` made straight in the object database: no work tree and no index to fight over."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pygit2
import yaml
from pygit2.enums import FileMode

from diracx_bridge.cs_sync.git.change import TOOL_TRAILER, Change, Person, trailers_of
from diracx_bridge.cs_sync.git.overlay import FILE as OVERLAY_FILE
from diracx_bridge.cs_sync.git.overlay import Overlay, as_list, from_list
from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml

__all__ = ["FILE", "Signer", "blob_of", "content_of", "is_ours", "make", "overlay_of", "swap", "tip"]

FILE: Final = "default.yml"
"""The file that DiracX reads."""
Signer = Callable[[bytes], str]
"""Gives the armoured signature of the text of a commit."""


def tip(repository: pygit2.Repository, reference: str) -> pygit2.Commit | None:
    """The commit at which ``reference`` stands, None when there is no such reference."""
    try:
        return repository.references[reference].peel(pygit2.Commit)
    except KeyError:
        return None


def blob_of(commit: pygit2.Commit | None, file: str = FILE) -> pygit2.Blob | None:
    """The file in ``commit``, if it has one: the configuration unless another one is named."""
    if commit is None or file not in commit.tree:
        return None
    found = commit.tree[file]
    return found if isinstance(found, pygit2.Blob) else None


def content_of(commit: pygit2.Commit | None, file: str = FILE) -> Any:
    """What the file in ``commit`` holds; None when there is none, or it is no YAML."""
    blob = blob_of(commit, file)
    try:
        return None if blob is None else from_yaml(blob.data)
    except yaml.YAMLError:
        return None


def overlay_of(commit: pygit2.Commit | None) -> dict[tuple[str, ...], Any]:
    """What ``commit`` says shall be laid over every conversion."""
    return from_list(content_of(commit, OVERLAY_FILE))


def is_ours(commit: pygit2.Commit) -> bool:
    """Whether this tool made ``commit``."""
    return TOOL_TRAILER in trailers_of(commit.message)


def make(
    repository: pygit2.Repository,
    parent: pygit2.Commit | None,
    change: Change,
    text: bytes,
    *,
    overlay: Overlay | None = None,
    committer: Person | None = None,
    signer: Signer | None = None,
    backdated: bool = False,
) -> pygit2.Commit:
    """A commit of ``change`` on top of ``parent``, with ``text`` as the configuration; no branch is moved.

    An ``overlay`` is written beside it. Other files of ``parent`` are kept. Committer times increase along the branch,
    whatever the clock says, because DiracX serves them as Last-Modified. The author's time is that of the legacy
    change, if that is known.
    """
    builder = repository.TreeBuilder(parent.tree) if parent else repository.TreeBuilder()
    builder.insert(FILE, repository.create_blob(text), FileMode.BLOB)
    if overlay is not None:
        builder.insert(OVERLAY_FILE, repository.create_blob(to_yaml(as_list(overlay))), FileMode.BLOB)
    when = change.when.replace(tzinfo=change.when.tzinfo or UTC) if change.when else None
    now = when.timestamp() if when and backdated else time.time()
    moment = max(int(now), parent.commit_time + 1 if parent else 0)
    by = committer or _configured(repository)
    author = _signature(change.author or by, int(when.timestamp()) if when else moment)
    ours, tree, parents = _signature(by, moment), builder.write(), [parent.id] if parent else []
    if signer is None:
        oid = repository.create_commit(None, author, ours, change.message(), tree, parents)
    else:
        # the stubs of pygit2 say that this is a hash
        unsigned = str(repository.create_commit_string(author, ours, change.message(), tree, [*parents]))
        oid = repository.create_commit_with_signature(unsigned, signer(unsigned.encode()), "gpgsig")
    return repository[oid].peel(pygit2.Commit)


def swap(repository: pygit2.Repository, reference: str, before: pygit2.Commit | None, after: pygit2.Commit) -> bool:
    """Move ``reference`` from ``before`` (None: it does not exist) to ``after``; whether nobody was faster."""
    try:
        if before is None:
            repository.references.create(reference, after.id)
            if repository.head_is_unborn:
                repository.set_head(reference)
            return True
        found = repository.references[reference]
        if found.target != before.id:
            return False
        found.set_target(after.id)  # compares with what `found` was read as, under git's own lock
        return True
    except (pygit2.GitError, ValueError, KeyError):
        moved = tip(repository, reference)
        if (moved and moved.id) != (before and before.id):
            return False
        raise


def committed(commit: pygit2.Commit) -> datetime:
    """When ``commit`` was made: aware, whole seconds."""
    return datetime.fromtimestamp(commit.commit_time, UTC)


def _signature(person: Person, moment: int) -> pygit2.Signature:
    name = "".join(char for char in person.name if char.isprintable() and char not in "<>").strip() or "unknown"
    email = "".join(char for char in person.email if char.isprintable() and char not in "<> ") or "unknown"
    return pygit2.Signature(name, email, moment, 0)


def _configured(repository: pygit2.Repository) -> Person:
    """The user of git's configuration, else this tool."""
    config = {entry.name: entry.value for entry in repository.config}
    return Person(config.get("user.name") or "diracx-bridge", config.get("user.email") or "diracx-bridge@localhost")

"""Commits ``default.yml`` straight into a repository: no work tree and no index that writers could fight over."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import pygit2
import yaml
from pygit2.enums import FileMode

from diracx_bridge.core.errors import SettingsError, SetupError, Unavailable
from diracx_bridge.cs_sync.target import GitTarget
from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml

__all__ = ["FILE", "commit"]

FILE: Final = "default.yml"
"""The file that DiracX reads."""
_ATTEMPTS: Final = 5


def commit(target: GitTarget, content: dict[str, Any], message: str) -> tuple[bool, str]:
    """Make ``content`` the configuration on the target's branch.

    Returns whether a commit was made, and the commit that now holds the content. There is none when the file holds
    equal content already, however it is laid out. Other files of the branch are kept. The branch moves only if nobody
    else moved it meanwhile (otherwise the work is redone on top of theirs), and commit times increase, because DiracX
    serves them as Last-Modified.

    Raises:
        SettingsError: the branch can't be called so.
        SetupError: the repository can't be opened, made or written.
        Unavailable: other writers were faster every time.
    """
    reference = f"refs/heads/{target.branch}"
    if not pygit2.reference_is_valid_name(reference):
        raise SettingsError(f"A branch can't be called {target.branch!r}")
    try:
        repository = _open(target.path, target.branch)
        for _ in range(_ATTEMPTS):
            parent = _tip(repository, reference)
            if parent is not None and _holds(repository, parent, content):
                return False, str(parent.id)
            made = _commit(repository, reference, parent, content, message)
            if made is not None:
                if repository.head_is_unborn:
                    repository.set_head(reference)
                return True, str(made)
    except (pygit2.GitError, OSError) as error:
        raise SetupError(f"The repository {target.path} can't be written: {error}") from error
    raise Unavailable(f"Branch {target.branch} of {target.path} keeps moving: another writer is at work")


def _open(path: Path, branch: str) -> pygit2.Repository:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        return pygit2.Repository(str(path))
    return pygit2.init_repository(str(path), bare=True, initial_head=branch)


def _tip(repository: pygit2.Repository, reference: str) -> pygit2.Commit | None:
    try:
        return repository.references[reference].peel(pygit2.Commit)
    except KeyError:
        return None


def _holds(repository: pygit2.Repository, parent: pygit2.Commit, content: dict[str, Any]) -> bool:
    try:
        blob = parent.tree[FILE]
    except KeyError:
        return False
    if not isinstance(blob, pygit2.Blob):
        return False
    try:
        return bool(from_yaml(blob.data) == content)
    except yaml.YAMLError:
        return False


def _commit(
    repository: pygit2.Repository,
    reference: str,
    parent: pygit2.Commit | None,
    content: dict[str, Any],
    message: str,
) -> pygit2.Oid | None:
    """The new commit, or None when the branch moved meanwhile."""
    tree = repository.TreeBuilder(parent.tree) if parent else repository.TreeBuilder()
    tree.insert(FILE, repository.create_blob(to_yaml(content)), FileMode.BLOB)
    moment = max(int(time.time()), parent.commit_time + 1 if parent else 0)
    name, email = _identity(repository)
    signature = pygit2.Signature(name, email, moment, 0)
    parents = [parent.id] if parent else []
    try:
        return repository.create_commit(reference, signature, signature, message, tree.write(), parents)
    except (pygit2.GitError, ValueError):
        moved = _tip(repository, reference)
        if (moved and moved.id) != (parent and parent.id):
            return None
        raise


def _identity(repository: pygit2.Repository) -> tuple[str, str]:
    """Who commits: the user of git's configuration, else this tool."""
    config = {entry.name: entry.value for entry in repository.config}
    return config.get("user.name") or "diracx-bridge", config.get("user.email") or "diracx-bridge@localhost"

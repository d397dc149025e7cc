"""One branch of one repository: where it stands, and moving it only if nobody else did. Never by force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pygit2

from diracx_bridge.core.errors import SettingsError, SetupError
from diracx_bridge.cs_sync.git.commits import swap, tip
from diracx_bridge.cs_sync.git.notes import Notes, add_notes
from diracx_bridge.cs_sync.git.place import Place

__all__ = ["Branch", "LocalBranch", "chosen", "open_branch", "reference_of", "troubles"]


class Branch(Protocol):
    """A branch that can be looked at and moved. ``repository`` is where commits are made."""

    repository: pygit2.Repository
    name: str

    def look(self) -> pygit2.Commit | None:
        """The commit at which the branch stands now, None when it does not exist yet.

        Raises:
            SetupError: the repository can't be opened.
            Unavailable: it does not answer.
        """
        ...

    def move(self, before: pygit2.Commit | None, after: pygit2.Commit, notes: Notes) -> bool:
        """Move the branch and keep the notes; whether nobody else moved it meanwhile.

        Raises:
            SetupError: the repository can't be written, or its server refuses the change.
            Unavailable: it does not answer; whether the branch was moved is then unknown.
        """
        ...

    def repair(self) -> bool:
        """Make ``repository`` anew if it is only a clone; whether there is hope that it works now."""


class LocalBranch:
    """In a repository of this machine, bare or not; it is made (bare) if it does not exist."""

    def __init__(self, place: Place, path: Path) -> None:
        self._path = path
        with self._troubles():
            if self._path.exists() and (not self._path.is_dir() or any(self._path.iterdir())):
                self.repository = pygit2.Repository(str(self._path))
            else:
                head = place.branch or "master"
                reference_of(head)
                self.repository = pygit2.init_repository(str(self._path), bare=True, initial_head=head)
            names = {name.removeprefix("refs/heads/") for name in self.repository.references}
        self.name = chosen(place, names)
        self._ref = reference_of(self.name)

    def look(self) -> pygit2.Commit | None:
        with self._troubles():
            return tip(self.repository, self._ref)

    def move(self, before: pygit2.Commit | None, after: pygit2.Commit, notes: Notes) -> bool:
        with self._troubles():
            moved = swap(self.repository, self._ref, before, after)
            if moved:
                add_notes(self.repository, notes)
            return moved

    def repair(self) -> bool:
        return False

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        with troubles(str(self._path)):
            yield


def open_branch(place: Place, state: Path) -> Branch:
    """The branch at ``place``; ``state`` is a directory of ours, needed for remote ones."""
    if isinstance(place.repository, Path):
        return LocalBranch(place, place.repository)
    from diracx_bridge.cs_sync.git.remote import RemoteBranch

    return RemoteBranch(place, state)


@contextmanager
def troubles(where: str) -> Iterator[None]:
    """Raise `SetupError` for what goes wrong with files of ours."""
    try:
        yield
    except (pygit2.GitError, OSError, KeyError) as error:
        raise SetupError(f"The repository {where} can't be written: {error}") from error


def chosen(place: Place, names: set[str]) -> str:
    """The branch asked for; else ``master``, unless only ``main`` exists."""
    return place.branch or ("main" if "main" in names and "master" not in names else "master")


def reference_of(branch: str) -> str:
    name = f"refs/heads/{branch}"
    if not pygit2.reference_is_valid_name(name):
        raise SettingsError(f"A branch can't be called {branch!r}")
    return name

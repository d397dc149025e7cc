"""One branch of one repository: where it stands, and moving it only if nobody else did. Never by force."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import pygit2
from pygit2.enums import ObjectType

from diracx_bridge.core.errors import SettingsError, SetupError, Unavailable
from diracx_bridge.cs_sync.git.commits import blob_of, swap, tip
from diracx_bridge.cs_sync.git.notes import NOTES, Notes, add_notes, reset_notes
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.git.session import Moved, Session, failures, prepare

__all__ = ["Branch", "LocalBranch", "RemoteBranch", "open_branch"]

_OUTGOING: Final = "refs/outgoing"
_MANY_LOOSE: Final = 2000
_log = logging.getLogger(__name__)


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


def open_branch(place: Place, state: Path) -> Branch:
    """The branch at ``place``; ``state`` is a directory of ours, needed for remote ones."""
    if isinstance(place.repository, Path):
        return LocalBranch(place, place.repository)
    return RemoteBranch(place, state)


class LocalBranch:
    """In a repository of this machine, bare or not; it is made (bare) if it does not exist."""

    def __init__(self, place: Place, path: Path) -> None:
        self._path = path
        with self._troubles():
            if self._path.exists() and (not self._path.is_dir() or any(self._path.iterdir())):
                self.repository = pygit2.Repository(str(self._path))
            else:
                head = place.branch or "master"
                _reference(head)
                self.repository = pygit2.init_repository(str(self._path), bare=True, initial_head=head)
            names = {name.removeprefix("refs/heads/") for name in self.repository.references}
        self.name = _chosen(place, names)
        self._ref = _reference(self.name)

    def look(self) -> pygit2.Commit | None:
        with self._troubles():
            return tip(self.repository, self._ref)

    def move(self, before: pygit2.Commit | None, after: pygit2.Commit, notes: Notes) -> bool:
        with self._troubles():
            moved = swap(self.repository, self._ref, before, after)
            if moved:
                add_notes(self.repository, notes)
            return moved

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        with troubles(str(self._path)):
            yield


class RemoteBranch:
    """Behind HTTPS or SSH, worked on in a clone of our own, which may be lost at any time: it is made again."""

    def __init__(self, place: Place, state: Path) -> None:
        self._place = place
        self._clone = state / "clone.git"
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        prepare(place, state)
        self.name = place.branch or ""
        self.repository = self._open()

    def look(self) -> pygit2.Commit | None:
        with failures("read", self._place):
            heads = {head.name: head.oid for head in self._remote().list_heads(self._session(), proxy=True)}
        names = {name.removeprefix("refs/heads/") for name in heads if name}
        self.name = _chosen(self._place, names)
        oid = heads.get(_reference(self.name))
        notes = heads.get(NOTES)
        specs = [f"+refs/heads/{self.name}:refs/incoming"] if oid else []
        if notes and notes != _target(self.repository, NOTES):
            specs.append(f"+{NOTES}:{NOTES}")
        found = self._sound(oid) if oid else None
        if (oid and found is None) or len(specs) > 1:
            self._fetch(specs)
        if oid is None:
            return None
        if (found := found or self._sound(oid)) is None:  # a damaged clone: all that it holds is on the server too
            self.discard()
            self._fetch(specs)
            found = self._sound(oid)
        if found is None:
            raise Unavailable(f"Branch {self.name} of {self._place} moves faster than it can be read")
        return found

    def move(self, before: pygit2.Commit | None, after: pygit2.Commit, notes: Notes) -> bool:
        reference = _reference(self.name)
        with troubles(str(self._clone)):
            self.repository.references.create(_OUTGOING, after.id, force=True)
            earlier = tip(self.repository, NOTES)
            add_notes(self.repository, notes)
        moved = False
        session = self._session(reference, str(before.id) if before else None)
        try:
            self._push(session, f"{_OUTGOING}:{reference}", *([f"{NOTES}:{NOTES}"] if notes else []))
            moved = reference not in session.refused
        except Moved:
            pass
        finally:
            if not moved:
                reset_notes(self.repository, earlier)
        if moved:
            if NOTES in session.refused:
                self._add_to_theirs(notes)
            return True
        now = self.look()
        if reference not in session.refused or (now and now.id) != (before and before.id):
            return False
        reason = " ".join(session.refused[reference].split())
        raise SetupError(f"{self._place} refuses to move the branch {self.name}: {reason}")

    def _add_to_theirs(self, notes: Notes) -> None:
        """Another writer added notes meanwhile: add ours to them. Notes are no reason to fail."""
        try:
            self._fetch([f"+{NOTES}:{NOTES}"])
            with troubles(str(self._clone)):
                add_notes(self.repository, notes)
            self._push(self._session(), f"{NOTES}:{NOTES}")
        except (SetupError, Unavailable) as error:
            _log.warning("The notes of %s were not published: %s", ", ".join(notes), error)

    def _push(self, session: Session, *specs: str) -> None:
        with failures("written", self._place):
            self._remote().push(list(specs), session, proxy=True)

    def discard(self) -> None:
        """Throw the clone away; it is made again from the server."""
        shutil.rmtree(self._clone, ignore_errors=True)
        self.repository = self._open()

    def _open(self) -> pygit2.Repository:
        with troubles(str(self._clone)):
            if self._clone.exists():
                try:
                    repository = pygit2.Repository(str(self._clone))
                    loose = sum(1 for _ in (self._clone / "objects").glob("[0-9a-f][0-9a-f]/*"))
                    if loose < _MANY_LOOSE:
                        return repository
                except pygit2.GitError:
                    pass
                shutil.rmtree(self._clone)
            return pygit2.init_repository(str(self._clone), bare=True)

    def _fetch(self, specs: list[str]) -> None:
        with failures("read", self._place):
            self._remote().fetch(specs, callbacks=self._session(), proxy=True)

    def _sound(self, oid: pygit2.Oid) -> pygit2.Commit | None:
        """The commit, if it and its configuration can be read here."""
        try:
            commit = self.repository[oid].peel(pygit2.Commit)
            for entry in commit.tree:
                if entry.type == ObjectType.BLOB:
                    self.repository[entry.id]
            for parent in commit.parent_ids:
                self.repository[parent]
            blob_of(commit)
            return commit
        except (KeyError, pygit2.GitError, ValueError):
            return None

    def _remote(self) -> pygit2.Remote:
        return self.repository.remotes.create_anonymous(str(self._place))

    def _session(self, reference: str = "", expected: str | None = None) -> Session:
        return Session(self._place, reference=reference, expected=expected)


@contextmanager
def troubles(where: str) -> Iterator[None]:
    """Raise `SetupError` for what goes wrong with files of ours."""
    try:
        yield
    except (pygit2.GitError, OSError) as error:
        raise SetupError(f"The repository {where} can't be written: {error}") from error


def _target(repository: pygit2.Repository, reference: str) -> pygit2.Oid | None:
    found = tip(repository, reference)
    return found.id if found else None


def _chosen(place: Place, names: set[str]) -> str:
    """The branch asked for; else ``master``, unless only ``main`` exists."""
    return place.branch or ("main" if "main" in names and "master" not in names else "master")


def _reference(branch: str) -> str:
    name = f"refs/heads/{branch}"
    if not pygit2.reference_is_valid_name(name):
        raise SettingsError(f"A branch can't be called {branch!r}")
    return name

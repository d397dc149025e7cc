"""A branch behind HTTPS or SSH."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Final

import pygit2
from pygit2.enums import ObjectType

from diracx_bridge.core.errors import SetupError, Unavailable
from diracx_bridge.cs_sync.git.branch import chosen, reference_of, troubles
from diracx_bridge.cs_sync.git.commits import blob_of, tip
from diracx_bridge.cs_sync.git.notes import NOTES, Notes, add_notes, reset_notes
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.git.session import Moved, Session, failures, prepare

__all__ = ["RemoteBranch"]

_OUTGOING: Final = "refs/outgoing"
_MANY_LOOSE: Final = 2000
_log = logging.getLogger(__name__)


class _DamagedError(Exception):
    """The clone does not hold what it should."""


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
        try:
            return self._look()
        except (_DamagedError, pygit2.GitError, KeyError, OSError):
            self.repair()  # all that the clone holds is on the server too
        try:
            with troubles(str(self._clone)):
                return self._look()
        except _DamagedError as error:
            if isinstance(error.__cause__, Unavailable):
                raise error.__cause__ from None
            raise Unavailable(f"Branch {self.name} of {self._place} moves faster than it can be read") from None

    def _look(self) -> pygit2.Commit | None:
        with failures("read", self._place):
            heads = {head.name: head.oid for head in self._remote().list_heads(self._session(), proxy=True)}
        names = {name.removeprefix("refs/heads/") for name in heads if name}
        self.name = chosen(self._place, names)
        oid = heads.get(reference_of(self.name))
        notes = heads.get(NOTES)
        specs = [f"+refs/heads/{self.name}:refs/incoming"] if oid else []
        if notes and notes != _target(self.repository, NOTES):
            specs.append(f"+{NOTES}:{NOTES}")
        found = self._sound(oid) if oid else None
        if (oid and found is None) or len(specs) > 1:
            try:
                self._fetch(specs)
            except Unavailable as error:  # the server has just answered: it may be the clone
                raise _DamagedError from error
        if oid is not None and found is None and (found := self._sound(oid)) is None:
            raise _DamagedError
        return found

    def move(self, before: pygit2.Commit | None, after: pygit2.Commit, notes: Notes) -> bool:
        reference = reference_of(self.name)
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

    def repair(self) -> bool:
        shutil.rmtree(self._clone, ignore_errors=True)
        self.repository = self._open()
        return True

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


def _target(repository: pygit2.Repository, reference: str) -> pygit2.Oid | None:
    found = tip(repository, reference)
    return found.id if found else None

"""Provenance beside the commits: in ``refs/notes``, not on the branch, whose every commit makes all services reload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pygit2

__all__ = ["NOTES", "Notes", "add_notes", "reset_notes"]

NOTES: Final = "refs/notes/diracx-bridge"
Notes = Mapping[str, str]
"""Hash of a commit -> the text that is kept beside it."""
_AUTHOR: Final = ("diracx-bridge", "diracx-bridge@localhost")


def add_notes(repository: pygit2.Repository, notes: Notes) -> None:
    """Keep each text beside its commit, in place of an earlier one."""
    for commit, text in notes.items():
        by = pygit2.Signature(*_AUTHOR)
        repository.create_note(text, by, by, commit, NOTES, True)


def reset_notes(repository: pygit2.Repository, before: pygit2.Commit | None) -> None:
    """Take back what was added since ``before``."""
    if before is not None:
        repository.references.create(NOTES, before.id, force=True)
    elif NOTES in repository.references:
        repository.references.delete(NOTES)

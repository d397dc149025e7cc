"""The queue on disk: changes that are accepted but not published yet, each in a file of its own, oldest first."""

from __future__ import annotations

from pathlib import Path

from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.follow.disk import forget, read_json, write_json
from diracx_bridge.cs_sync.git.change import Change

__all__ = ["Spool"]


class Spool:
    """In a directory of its own, made when it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def __len__(self) -> int:
        return len(self._files())

    def put(self, number: int, change: Change) -> None:
        """Keep ``change`` under its number, which must be higher than all others.

        Raises:
            SetupError: the disk does not take it; the queue is as it was.
        """
        try:
            write_json(self.path / f"{number:012}.json", change.as_dict())
        except OSError as error:
            raise SetupError(f"The queue {self.path} can't be written: {error.strerror or error}") from error

    def waiting(self) -> list[tuple[int, Change]]:
        """All changes with their numbers, in order. A file that is damaged is put aside, not lost."""
        found = []
        for file in self._files():
            value = read_json(file)
            try:
                found.append((int(file.stem), Change.from_dict(value)))
            except (KeyError, TypeError, ValueError):
                file.rename(file.with_suffix(".damaged"))
        return found

    def newest(self) -> tuple[int, Change] | None:
        """The last change with its number, if there is one."""
        waiting = self.waiting()
        return waiting[-1] if waiting else None

    def last(self) -> int:
        """The highest number; 0 if nothing waits."""
        files = self._files()
        return int(files[-1].stem) if files else 0

    def remove(self, number: int) -> None:
        """Forget a change that is published."""
        forget(self.path / f"{number:012}.json")

    def _files(self) -> list[Path]:
        return sorted(self.path.glob("[0-9]*.json"))

"""Where the legacy configuration comes from, as the synchroniser sees it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from diracx_bridge.core.errors import SettingsError, Unavailable

__all__ = ["FileSource", "Legacy", "Text"]

SETTLE_SECONDS: Final = 0.1
"""A file that was written in place must have rested so long. If that was too short, it counts as half written."""
GRACE_SECONDS: Final = 15.0
"""A file that changed less long ago may be half written: a text that can't be read is then no reason for alarm."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the legacy configuration: ``data`` as it came, the ``name`` it goes by.

    ``fresh`` means that it may be half written. ``committer`` is the DIRAC user who made this version, if known.
    """

    data: bytes
    name: str
    fresh: bool = False
    committer: str | None = None


class Legacy(Protocol):
    """A place that is looked at again and again."""

    def look(self, *, again: bool = False) -> Text | None:
        """The text, if it is another one than at the last look; with ``again`` in any case.

        Raises:
            Unavailable: there is nothing to be read now.
        """
        ...

    def committer(self, version: str) -> str | None:
        """Who made this version, if the place knows."""
        ...


class FileSource:
    """A file, or the only CFG file besides ``dirac.cfg`` in a directory, such as ``etc`` of the master.

    It is looked at by name, so it may be replaced by renaming or written in place, and may be a link that is turned to
    another file, as Kubernetes does. A change counts when nothing moves any more.
    """

    def __init__(self, path: Path, *, settle: float = SETTLE_SECONDS) -> None:
        self._path = path
        self._settle = settle
        self._seen: tuple[int, ...] | None = None
        self._moving: tuple[tuple[int, ...], float] | None = None

    def look(self, *, again: bool = False) -> Text | None:
        file = self._file()
        try:
            signature = _signature(file)
            if not again and (signature == self._seen or not self._rests(signature)):
                return None
            data = file.read_bytes()
            if _signature(file) != signature:
                return None
            age = time.time() - file.stat().st_mtime
        except OSError as error:
            raise Unavailable(f"{file} can't be read: {error.strerror or error}") from error
        self._seen, self._moving = signature, None
        return Text(data, str(file), fresh=0 <= age < GRACE_SECONDS)

    def committer(self, version: str) -> str | None:
        """As the name of the backup says that DIRAC writes beside the file for each commit."""
        file = self._file()
        for archive in file.parent.glob(f"csbackup/*/*/{_escaped(file.stem)}.*@{_escaped(version)}.zip"):
            return archive.name.removeprefix(f"{file.stem}.").rpartition("@")[0] or None
        return None

    def _rests(self, signature: tuple[int, ...]) -> bool:
        now = time.monotonic()
        if self._moving is None or self._moving[0] != signature:
            self._moving = (signature, now)
        return now - self._moving[1] >= self._settle

    def _file(self) -> Path:
        if not self._path.is_dir():
            return self._path
        found = sorted(file for file in self._path.glob("*.cfg") if file.name != "dirac.cfg")
        if len(found) == 1:
            return found[0]
        if not found:
            raise Unavailable(f"{self._path} holds no configuration (*.cfg besides dirac.cfg)")
        names = ", ".join(file.name for file in found[:5])
        raise SettingsError(f"{self._path} holds several configurations ({names}): name the file to follow")


def _signature(file: Path) -> tuple[int, ...]:
    found = os.stat(file)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _escaped(text: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in text)

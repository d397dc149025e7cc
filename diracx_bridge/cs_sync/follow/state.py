"""What one synchroniser remembers: who it is, what it has dealt with, and with which commit it agreed last."""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from diracx_bridge.core.errors import SetupError, Unavailable
from diracx_bridge.cs_sync.follow.disk import read_json, write_json
from diracx_bridge.cs_sync.git.change import Change

__all__ = ["Memory", "StateFolder"]


@dataclass(slots=True)
class Memory:
    """``agreed`` is the commit that held our content last, ``version`` the version of the CS that was accepted last.

    ``sequence`` is the number of the last change that was published; ``instance`` makes the names of changes unique.
    """

    instance: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    agreed: str | None = None
    version: str = ""
    sequence: int = 0


class StateFolder:
    """The directory that belongs to one synchroniser. Losing it loses nothing that was published."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unwritable(path, error) from error
        self._file = path / "state.json"
        self._accepted = path / "accepted.json"
        known = {name.name for name in fields(Memory)}
        found = read_json(self._file)
        self.memory = Memory(**{k: v for k, v in found.items() if k in known}) if isinstance(found, dict) else Memory()

    def save(self) -> None:
        """Keep ``memory``.

        Raises:
            SetupError: it can't be written.
        """
        self._write(self._file, asdict(self.memory))

    def accepted(self) -> Change | None:
        """The change that was accepted last, published or not, if there was one."""
        try:
            return Change.from_dict(read_json(self._accepted))
        except (KeyError, TypeError, ValueError):
            return None

    def accept(self, change: Change) -> None:
        """Keep the change that was accepted.

        Raises:
            SetupError: it can't be written.
        """
        self._write(self._accepted, change.as_dict())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else uses the directory meanwhile. The lock goes with the process, however that ends.

        Raises:
            Unavailable: another process has it.
        """
        try:
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                other = os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
                raise Unavailable(f"Another synchroniser (process {other}) uses {self.path}") from None
            try:
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            except OSError as error:
                raise _unwritable(self.path, error) from error
            for left in (*self.path.glob(".*.json.*"), *self.path.glob("*/.*.json.*")):
                left.unlink(missing_ok=True)  # a process was killed while it wrote
            yield
        finally:
            os.close(handle)

    def _write(self, path: Path, value: Any) -> None:
        try:
            write_json(path, value)
        except OSError as error:
            raise _unwritable(self.path, error) from error


def _unwritable(path: Path, error: OSError) -> SetupError:
    return SetupError(f"The state directory {path} can't be written: {error.strerror or error}")

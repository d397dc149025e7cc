"""The folder in which installed servers are kept, and locks between processes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path


def folder() -> Path:
    """The cache: `DIRACX_BRIDGE_TEST_CACHE`, or a folder below `~/.cache`. It is made when missing."""
    named = os.environ.get("DIRACX_BRIDGE_TEST_CACHE")
    path = Path(named) if named else Path.home() / ".cache" / "diracx-bridge-tests"
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` against all other processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def installed(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache; `make` fills it first when it is not there completely.

    A folder counts as complete when `make` returned; what an interrupted installation left is removed.
    """
    target = folder() / name
    complete = target / ".complete"
    with locked(folder() / "locks" / f"{name}.lock"):
        if not complete.exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            make(target)
            complete.touch()
    return target


def digest(*parts: str | bytes) -> str:
    """A short name for this content, so that a changed recipe is installed anew."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else part.encode())
    return total.hexdigest()[:12]

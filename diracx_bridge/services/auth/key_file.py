"""Changing a file that holds secrets: one process at a time, whole or not at all, for no more readers than before."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diracx_bridge.core.errors import SettingsError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes that change ``path`` waiting; its folder is made when missing.

    Raises:
        SettingsError: the folder can't be used, or not by this user.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise SettingsError(f"The folder {path.parent} can't be used: {error.strerror}") from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # of the folder, because the file itself is replaced
        yield
    finally:
        os.close(folder)


def replace(path: Path, content: str) -> None:
    """Put ``content`` into the file at once: a crash leaves the old one.

    A new file is readable by its owner only (0600). An old one keeps its owner, and its group if that may read it, so
    that root can change a file of the services.

    Raises:
        SettingsError: the file can't be written, or not with its owner.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mkstemp makes it 0600
        with os.fdopen(handle, "w") as file:
            file.write(content)
            if path.exists():
                former = path.stat()
                os.fchown(file.fileno(), former.st_uid, former.st_gid)
                os.fchmod(file.fileno(), stat.S_IRUSR | stat.S_IWUSR | (former.st_mode & stat.S_IRGRP))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        temporary = ""
    except OSError as error:
        raise SettingsError(f"{path} can't be written: {error.strerror}; is this its owner, or root?") from None
    finally:
        if temporary:
            os.unlink(temporary)

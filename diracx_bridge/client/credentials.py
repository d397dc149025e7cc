"""The credentials file: format, rights and locking of the official client, so that both may use one file."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.core.errors import SettingsError, Unavailable

GRACE = 15
"""Seconds by which ``expires_on`` is earlier than the end that the server named."""

LOCK_TIMEOUT = 30.0
"""Seconds after which a lock that another process holds is an error."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access token, the end of its life (``expires_on``, seconds since the epoch) and what renews it."""

    access_token: str
    expires_on: int
    refresh_token: str | None = None

    @classmethod
    def of_answer(cls, answer: Mapping[str, Any]) -> Credentials:
        """The credentials in an answer of the token endpoint."""
        expires_on = int(time.time() + answer["expires_in"] - GRACE)
        return cls(answer["access_token"], expires_on, answer.get("refresh_token"))

    @property
    def remaining(self) -> float:
        """Seconds that the access token is still good for."""
        return self.expires_on - time.time()

    @property
    def renewable(self) -> bool:
        """Whether the refresh token has not yet expired, by its own words."""
        return bool(self.refresh_token) and unverified_claims(self.refresh_token or "").get("exp", 0) > time.time()

    def as_text(self) -> str:
        """The content of a credentials file."""
        content = {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_on": self.expires_on,
        }
        return json.dumps(content)


class OpenCredentials:
    """A credentials file that is open and locked for this process alone."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file

    def read(self) -> Credentials | None:
        """The credentials in the file; nothing if it holds something else."""
        self._file.seek(0)
        try:
            content = json.load(self._file)
            return Credentials(content["access_token"], int(content["expires_on"]), content["refresh_token"])
        except (ValueError, KeyError, TypeError):
            return None

    def write(self, credentials: Credentials) -> None:
        """Replace the content, in place: the lock and other processes' descriptors stay good, and so does the room."""
        self._file.seek(0)
        self._file.write(credentials.as_text())
        self._file.truncate()
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def locked(path: Path, *, create: bool = False) -> Generator[Generator[float, None, OpenCredentials | None]]:
    """Open and lock the credentials file at ``path`` for the time of the block.

    What the block gets is a generator that says how many seconds to wait before it looks at the lock again, so that
    the same code serves threads and event loops; it returns the open file, or nothing if there is none. A file that
    can't be written is opened for reading. With ``create`` a missing file is made, for its owner only (0600).

    Raises:
        Unavailable: another process holds the lock for longer than ``LOCK_TIMEOUT``.
    """
    files: list[TextIOWrapper] = []

    def steps() -> Generator[float, None, OpenCredentials | None]:
        file = _opened(path, create)
        if file is None:
            return None
        files.append(file)
        deadline, pause = time.monotonic() + LOCK_TIMEOUT, 0.01
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"Another process holds the lock of {path} for more than {LOCK_TIMEOUT:.0f} s", unsent=True
                )
            yield pause
            pause = min(pause * 2, 0.2)
        return OpenCredentials(file)

    try:
        yield steps()
    finally:
        for file in files:
            file.close()


def ensure_place(path: Path) -> None:
    """See to it, before somebody logs in, that credentials can be stored at ``path``.

    Raises:
        SettingsError: they can't.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.access(path if path.exists() else path.parent, os.W_OK):
            return
        reason = "you may not write there"
    except OSError as error:
        reason = str(error.strerror)
    raise SettingsError(
        f"The login can't be kept in {path}: {reason}. Let DIRACX_CREDENTIALS_PATH name a file that you may write"
    )


def write_credentials(path: Path, credentials: Credentials, *, replace: bool = True) -> None:
    """Store ``credentials`` (after a login) for this client and the official one.

    Without ``replace``, credentials that are there already stay: another process may have renewed them.

    Raises:
        Unavailable: another process keeps the file locked.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(path, create=True) as waiting:
        try:
            while True:
                time.sleep(next(waiting))
        except StopIteration as end:
            file: OpenCredentials = end.value
            if replace or file.read() is None:
                file.write(credentials)


def read_credentials(path: Path) -> Credentials | None:
    """The credentials in a file; None if there is none, or it holds something else.

    Raises:
        Unavailable: another process keeps the file locked.
    """
    with locked(path) as waiting:
        try:
            while True:
                time.sleep(next(waiting))
        except StopIteration as end:
            file: OpenCredentials | None = end.value
            return file.read() if file else None


def _opened(path: Path, create: bool) -> TextIOWrapper | None:
    flags = os.O_RDWR | (os.O_CREAT if create else 0)
    try:
        return os.fdopen(os.open(path, flags, 0o600), "r+")
    except FileNotFoundError:
        return None
    except PermissionError:
        if create:
            raise
    except OSError:
        if create or not path.exists():
            raise
    return path.open()


def _try_lock(file: TextIOWrapper) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

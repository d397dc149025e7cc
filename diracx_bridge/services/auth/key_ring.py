"""The key store as it is now: a changed file is taken over by a running service within seconds."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

import structlog

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.services.auth.key_store import KeyStore, file_of
from diracx_bridge.services.background import beside

EVERY_SECONDS: Final = 5.0
"""Pause between two looks at the file."""
HURRY_SECONDS: Final = 1.0
"""Pause between two looks because of tokens whose key is not known."""
log = structlog.get_logger(__name__)

Stamp = tuple[int, int, int] | None


class KeyRing:
    """Holds the key store; whoever makes something of it subscribes.

    A file that can't be used is told in the log, and the former keys stay.
    """

    def __init__(self, setting: str) -> None:
        self.current = KeyStore.load(setting)
        self._setting = setting
        self._file = file_of(setting)
        self._stamp = _stamp(self._file)
        self._looked = time.monotonic()
        self._listeners: list[Callable[[KeyStore], None]] = []

    def subscribe(self, listener: Callable[[KeyStore], None]) -> None:
        """Call ``listener`` with each new key store, before the first token is signed by it."""
        self._listeners.append(listener)

    def hurry(self) -> None:
        """Look at the file now, if that was not done within the last second: a token names a key that is not known.

        Another process may have taken over new keys a moment ago.
        """
        if time.monotonic() - self._looked >= HURRY_SECONDS:
            self.look()

    def look(self) -> None:
        """Take over the file if it has changed."""
        self._looked = time.monotonic()
        stamp = _stamp(self._file)
        if stamp == self._stamp or stamp is None:
            return
        try:
            store = KeyStore.load(self._setting)
            for listener in self._listeners:
                listener(store)
        except SettingsError as error:
            log.error("the new keys can't be used, the former ones stay", reason=str(error))
        else:
            self.current = store
            log.info("keys taken over", signing=store.signing.kid, keys=len(store.key_set.keys))
        self._stamp = stamp

    def followed(self) -> AbstractAsyncContextManager[None]:
        """The file is looked at every few seconds within this block."""
        return beside(self._follow(), "keys")

    async def _follow(self) -> None:
        while self._file is not None:
            await asyncio.sleep(EVERY_SECONDS)
            self.look()


def _stamp(path: Path | None) -> Stamp:
    """What changes when the file is written or replaced; None for keys that are in no file, or not there now."""
    if path is None:
        return None
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

"""Sends the ledger of a process to the service: in the background, and never twice at once."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from diracx_bridge.core.errors import BridgeError, ServerRefused, Unavailable
from diracx_bridge.legacy_adapters.dispatch.observation import Observation
from diracx_bridge.legacy_adapters.ledger.ledger import Ledger
from diracx_bridge.legacy_adapters.ledger.mismatch import Mismatch

logger = logging.getLogger(__name__)

Batch = dict[str, Any]
LONGEST_PAUSE: Final = 600.0
WORTH_IT: Final = 20
"""A process that ends sends its last calls if there are so many: below, sending would cost more than the calls."""


class Sender:
    """An observer that hands batches to ``send`` after pauses of ``pause()`` seconds, in a thread of its own.

    A batch that has surely not arrived is counted again with the next one; one that may have arrived is dropped, and
    its size is told. A server without a ledger, such as upstream's, is not asked again.
    """

    def __init__(self, send: Callable[[Batch], None], pause: Callable[[], float]) -> None:
        self.ledger = Ledger()
        self._send = send
        self._pause = pause
        self._process = 0
        self._lock = threading.Lock()
        self._off = False

    def observe(self, observation: Observation) -> None:
        """Count a call."""
        if not self._off:
            self.ledger.observe(observation)
            self._run()

    def note(self, mismatch: Mismatch) -> None:
        """Keep a mismatch."""
        if not self._off:
            self.ledger.note(mismatch)
            self._run()

    def flush(self) -> bool:
        """Send what there is, now; whether there is nothing left. Never raises."""
        batch = self.ledger.take()
        if not batch["calls"] and not batch["mismatches"]:
            return True
        try:
            self._send(batch)
            return True
        except Exception as error:
            if isinstance(error, ServerRefused) and error.status in (404, 405):
                self._off = True
                logger.info("The server has no ledger: calls are not counted any more")
                return True
            if isinstance(error, Unavailable) and error.unsent:
                self.ledger.put_back(batch)
                return False
            if not isinstance(error, BridgeError):
                logger.warning("A batch of the ledger can't be sent: %r", error)
            lines = (*batch["calls"], *batch["mismatches"])
            self.ledger.dropped += batch["dropped"] + sum(line["count"] for line in lines)
            return False

    def end(self) -> None:
        """Send the last batch of a process, if it is worth an exchange: a mismatch is."""
        if self._process == os.getpid() and (self.ledger.waiting >= WORTH_IT or self.ledger.has_mismatches):
            self.flush()

    def _run(self) -> None:
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process != os.getpid():  # the first call, or the first one after a fork
                self._process = os.getpid()
                threading.Thread(target=self._loop, name="diracx-bridge-ledger", daemon=True).start()

    def _loop(self) -> None:
        pause = self._pause()
        while not self._off:
            time.sleep(pause)
            pause = self._pause() if self.flush() else min(pause * 2, LONGEST_PAUSE)

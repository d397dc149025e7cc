"""Goes round for ever: looks at the source, takes what is new, publishes what is queued, and never gives up."""

from __future__ import annotations

import gc
import logging
import math
import threading
import time
from collections.abc import Callable
from ctypes import CDLL
from typing import Final

from diracx_bridge.core.errors import BridgeError
from diracx_bridge.cs_sync.follow.backoff import Backoff
from diracx_bridge.cs_sync.follow.source import Legacy, Text
from diracx_bridge.cs_sync.follow.status import Status
from diracx_bridge.cs_sync.follow.sync import Ended, Synchroniser, Taken
from diracx_bridge.cs_sync.follow.systemd import notify
from diracx_bridge.cs_sync.git.drift import DriftFound
from diracx_bridge.cs_sync.git.publish import Outcome

__all__ = ["Loop"]

_log = logging.getLogger("diracx_bridge.cs_sync")
_TICK: Final = 0.1
_HALF_WRITTEN_SECONDS: Final = 3.0
_TIDY_SECONDS: Final = 2.0


class Loop:
    """``interval`` is the time between two looks at the source, ``safety`` that between two thorough ones, which
    convert the whole text again and look at the branch, in case that something was missed. ``told`` hears of each text,
    ``idle`` is called when everything that one gave rise to is done."""

    def __init__(
        self,
        source: Legacy,
        synchroniser: Synchroniser,
        status: Status,
        *,
        interval: float = _TICK,
        safety: float = 600.0,
        told: Callable[[Taken], None] = lambda taken: None,
        idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._idle = idle
        self._source, self._sync, self._status, self._told = source, synchroniser, status, told
        self._interval, self._safety = interval, safety
        self._looking, self._publishing = Backoff(first=interval), Backoff()
        self._next_look = self._next_thorough = 0.0
        self._again_at: float | None = None
        self._untidy = False
        self._tidy_at = math.inf

    def run(self, stop: threading.Event) -> None:
        """Go round until ``stop`` is set; the step that is under way is finished."""
        gc.disable()  # it would look through a million objects again and again; `_release_memory` does it once
        try:
            while not stop.is_set():
                self._status.beat()
                notify("WATCHDOG=1")
                self.once(time.monotonic())
                stop.wait(_TICK)
        finally:
            gc.enable()

    def look_at_everything(self) -> None:
        """Make the next round a thorough one."""
        self._next_thorough = 0.0

    def tidy_up_later(self) -> None:
        """Memory was used elsewhere: a round soon gives it back, but not one for each use."""
        self._tidy_at = min(self._tidy_at, time.monotonic() + _TIDY_SECONDS)

    def once(self, now: float) -> None:
        """One round at the monotonic time ``now``."""
        thorough = now >= self._next_thorough
        if thorough:
            self._next_thorough = now + self._safety
        again = thorough or (self._again_at is not None and now >= self._again_at)
        if again or (now >= self._next_look and self._looking.due(now)):
            self._next_look = now + self._interval
            self._look(now, again=again)
        if thorough or (len(self._sync.spool) and self._publishing.due(now)):
            self._publish(now, check=thorough)
        self._status.metrics.set("queued", len(self._sync.spool))
        if self._untidy or now >= self._tidy_at:
            self._untidy, self._tidy_at = False, math.inf
            _release_memory()
            self._idle()
            _trim(0)

    def _look(self, now: float, *, again: bool) -> None:
        try:
            text = self._source.look(again=again)
        except BridgeError as error:
            self._status.metrics.add("source_failures_total")
            self._look_again("source", error, now)
            return
        self._status.well("source")
        self._looking.succeeded()
        if text is not None:
            self._take(text, now)
            self._untidy = True

    def _take(self, text: Text, now: float) -> None:
        started, cpu = time.perf_counter(), time.process_time()
        try:
            taken = self._sync.take(text)
        except BridgeError as error:
            self._look_again("take", error, now)
            return
        self._again_at = None
        self._status.well("take")
        seconds = time.perf_counter() - started
        self._status.taken(taken, seconds, time.process_time() - cpu)
        self._told(taken)
        if taken.ended is Ended.HALF_WRITTEN:
            self._again_at = now + _HALF_WRITTEN_SECONDS
        elif taken.ended is not Ended.UNCHANGED:
            _log.info("%s is %s (%.2f s)", text.name, taken.ended.value, seconds)

    def _look_again(self, part: str, error: BridgeError, now: float) -> None:
        pause = self._looking.failed(now)
        self._again_at = now + pause
        self._failed(part, error, pause)

    def _publish(self, now: float, *, check: bool) -> None:
        started = time.perf_counter()
        try:
            outcome = self._sync.check() if check else self._sync.flush()
        except DriftFound as drift:
            self._failed("drift", drift, self._publishing.failed(now))
            return
        except BridgeError as error:
            self._status.metrics.add("publish_failures_total")
            self._failed("publish", error, self._publishing.failed(now))
            return
        self._publishing.succeeded()
        if outcome is not None:
            self._published(outcome, time.perf_counter() - started)
        self._untidy = True

    def _published(self, outcome: Outcome, seconds: float) -> None:
        self._status.published(outcome, seconds)
        if outcome.made:
            _log.info("published %s (%.2f s)", ", ".join(commit[:10] for commit in outcome.made), seconds)
        if outcome.drift:
            _log.warning("%s; it was dealt with as chosen", outcome.drift.describe())

    def _failed(self, part: str, error: BridgeError, pause: float) -> None:
        _log.warning("%s (again in %.0f s)", error, pause)
        self._status.trouble(part, str(error))


def _release_memory() -> None:
    """Give memory back to the system: a conversion needs much of it, and then nothing for days."""
    gc.collect()
    _trim(0)


def _no_trim(_: int) -> int:
    return 0


try:
    _trim: Callable[[int], int] = CDLL(None).malloc_trim
except AttributeError:  # not glibc
    _trim = _no_trim

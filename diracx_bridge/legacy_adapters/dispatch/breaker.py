"""The circuit breaker: while DiracX does not answer, nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 3
"""So many calls in a row without an answer open the breaker."""
PATIENCE: Final = 3.0
"""Seconds after which a call that still waits counts as one without an answer."""
REST: Final = 10.0
"""Seconds after which an open breaker lets one call try."""


class Breaker:
    """Of one service and VO, in one process; threads share it.

    Open after ``FAILURES`` calls without an answer; calls that have been waiting for ``PATIENCE`` seconds count, unless
    others got one meanwhile. So it opens within seconds of an outage whatever the time-outs are, and closes by itself
    with the first answer.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opened: float | None = None
        self._waiting: dict[object, float] = {}
        self._answered = float("-inf")

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    def begin(self) -> object | None:
        """A ticket for a call that may go to DiracX, to be given back by :meth:`end`; ``None`` while it may not."""
        with self._lock:
            now = self._clock()
            if self._opened is None and self._failed + self._stuck(now) >= FAILURES:
                self._opened = now
            if self._opened is not None:
                if now - self._opened < REST:
                    return None
                self._opened = now  # one tries; the others wait for its answer, or for the next turn
            ticket = object()
            self._waiting[ticket] = now
            return ticket

    def end(self, ticket: object, *, answered: bool) -> None:
        """Note whether DiracX gave an answer, a refusal being one."""
        with self._lock:
            self._waiting.pop(ticket, None)
            if answered:
                self._failed, self._opened, self._answered = 0, None, self._clock()
                return
            self._failed += 1
            if self._opened is None and self._failed >= FAILURES:
                self._opened = self._clock()

    def _stuck(self, now: float) -> int:
        if now - self._answered < PATIENCE:
            return 0
        return sum(begun < now - PATIENCE for begun in self._waiting.values())


class Breakers:
    """The breakers of a process, by service and VO."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made: dict[tuple[str, str], Breaker] = {}

    def of(self, service: str, vo: str) -> Breaker:
        """The breaker of this service and VO."""
        return self._made.setdefault((service, vo), Breaker(self._clock))

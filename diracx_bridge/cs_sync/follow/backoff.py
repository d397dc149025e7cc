"""When to try again: later each time, and not all at the same moment."""

from __future__ import annotations

import random
from typing import Final

__all__ = ["Backoff"]

_FIRST: Final = 1.0
_MOST: Final = 300.0


class Backoff:
    """Waits of 1, 2, 4 ... 300 s, each shortened at random by up to a half. Times are of a monotonic clock."""

    def __init__(self, *, first: float = _FIRST, most: float = _MOST) -> None:
        self._first, self._most = first, most
        self.failures = 0
        self._until = 0.0

    def due(self, now: float) -> bool:
        """Whether the time has come."""
        return now >= self._until

    def failed(self, now: float) -> float:
        """Note a failure; returns the seconds to wait."""
        pause: float = min(self._most, self._first * 2 ** min(self.failures, 30)) * random.uniform(0.5, 1)  # noqa: S311
        self.failures += 1
        self._until = now + pause
        return pause

    def succeeded(self) -> None:
        """Begin anew."""
        self.failures = 0
        self._until = 0.0

    @property
    def until(self) -> float:
        """When the next attempt is due."""
        return self._until

"""Regular expressions for SQLite, which has none of its own."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final

import regex

SECONDS: Final = 2.0
"""How long all matches of one search may take: a pattern that backtracks for ever ends the search, not us."""


def deadline() -> float:
    """The time by which a search that starts now must be done, to be passed to `matches`."""
    return time.monotonic() + SECONDS


def matches(pattern: str, value: Any, until: float) -> bool | None:
    """Whether ``pattern`` is found in ``value``, ignoring case as MySQL's default collation does; None for NULL.

    Raises:
        TimeoutError: it isn't known at the time ``until``.
    """
    if value is None:
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"the search takes longer than {SECONDS} s")
    return _compiled(pattern).search(str(value), timeout=left, concurrent=True) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE)

"""Who belongs to the canary's share: always the same jobs, and with a higher percentage the same ones and more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

from diracx_bridge.core.routing.stages import Route, Side, Stage

BUCKETS: Final = 10_000
"""Hundredths of a percent."""


def bucket(key: object) -> int:
    """A number from 0 to ``BUCKETS - 1`` that belongs to ``key``: the same in every process, on every host.

    >>> bucket(1234) == bucket("1234")
    True
    """
    return int.from_bytes(blake2b(str(key).encode(), digest_size=8).digest()) % BUCKETS


def side_of(route: Route, key: object) -> Side:
    """Who carries out a call about ``key``: a job id, or the caller where no job is concerned."""
    if route.stage is Stage.CANARY:
        return Side.DIRACX if bucket(key) < round((route.percent or 0) * BUCKETS / 100) else Side.LEGACY
    return Side.DIRACX if route.stage in (Stage.LIVE, Stage.RETIRED) else Side.LEGACY


def jobs_in(argument: Any) -> list[int]:
    """The jobs that an id, "1,2", a list or the keys of a dictionary name; what is no number is left out."""
    if isinstance(argument, str):
        candidates: Iterable[Any] = argument.split(",")
    elif isinstance(argument, Mapping | list | tuple | set | frozenset):
        candidates = argument
    else:
        candidates = (argument,)
    return [number for candidate in candidates if (number := _number(candidate)) is not None]


def _number(candidate: Any) -> int | None:
    try:
        return int(candidate)
    except (TypeError, ValueError, OverflowError):
        return None

"""What is measured: one module for each family of routes, with `cases(target)`; a case is named `family/case`."""

from __future__ import annotations

import fnmatch
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from tests.load.client import Requests
from tests.load.target import Target

# readers first, so that they see the jobs as they were put in
FAMILIES = (
    "well_known",
    "config",
    "auth",
    "search",
    "summary",
    "status",
    "heartbeat",
    "metadata",
    "sandbox",
    "pilots",
    "rss",
    "beside",
    "submit",
    "life_cycle",
    "parameters",
    "mixed",
)
Raw = Callable[[int], list[str]]
"""The statements of the SQL limit, for its i-th repetition."""


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario.

    ``prepare`` makes the requests just before they are sent. ``raw`` is the SQL limit; without ``limit`` bare HTTP and
    SQL would be no fair limit. ``same_answer``: two servers with the same jobs must answer the same JSON, with
    ``any_order`` but for the order of the list.
    """

    name: str
    prepare: Callable[[], Requests]
    most: int = 3000
    clients: int = 1
    ok: tuple[int, ...] = (200, 204)
    raw: Raw | None = None
    writes: bool = False
    limit: bool = True
    warmup: int = 3
    beside: Callable[[], Requests] | None = None
    same_answer: bool = False
    any_order: bool = False

    def agree(self, first: bytes, second: bytes) -> bool:
        """Whether two answers say the same."""
        documents = [orjson.loads(each) for each in (first, second)]
        if self.any_order:
            documents = [sorted(map(orjson.dumps, rows)) for rows in documents]
        return bool(documents[0] == documents[1])


def always(raw: bytes) -> Callable[[], Requests]:
    """The same request every time."""
    return lambda: lambda _number: raw


def each(count: int, make: Callable[[int], bytes]) -> Callable[[], Requests]:
    """``count`` different requests, made before the clock starts, and sent in turn."""

    def prepare() -> Requests:
        made = [make(i) for i in range(count)]
        return lambda number: made[number % count]

    return prepare


def window(number: int, size: int, total: int) -> range:
    """The number-th run of ``size`` job ids out of 1 to ``total``."""
    first = number * size % (total - size + 1)
    return range(first + 1, first + size + 1)


def select(target: Target, patterns: Sequence[str]) -> list[Case]:
    """The cases whose name, or family, fits one of the patterns."""
    return [
        case
        for family in FAMILIES
        for case in importlib.import_module(f"{__name__}.{family}").cases(target)
        if any(fnmatch.fnmatch(name, p) for name in (case.name, case.name.split("/")[0], family) for p in patterns)
    ]

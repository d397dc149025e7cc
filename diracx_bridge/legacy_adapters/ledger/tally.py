"""Counts of equal calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from diracx_bridge.legacy_adapters.dispatch.observation import Observation

BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds, in seconds, of the classes of latency; one more class has no bound."""


@dataclass(slots=True)
class Tally:
    """How often, and how long it took: in sum, at most, and by class of latency."""

    count: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    classes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, seconds: float) -> None:
        """Count one call."""
        self.count += 1
        self.seconds += seconds
        self.longest = max(self.longest, seconds)
        self.classes[next((i for i, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))] += 1

    def join(self, other: Tally) -> None:
        """Count what ``other`` has counted."""
        self.count += other.count
        self.seconds += other.seconds
        self.longest = max(self.longest, other.longest)
        self.classes = [mine + its for mine, its in zip(self.classes, other.classes, strict=True)]


def quantile(classes: Iterable[int], share: float) -> float:
    """The upper bound (in seconds) of the class in which the call at ``share`` (0 to 1) of all is; 0 without calls.

    >>> quantile([0, 9, 0, 0, 0, 0, 0, 1, 0, 0, 0], 0.5)
    0.01
    """
    numbers = list(classes)
    wanted, seen = share * sum(numbers), 0
    for bound, number in zip((*BOUNDS, float("inf")), numbers, strict=True):
        seen += number
        if seen and seen >= wanted:
            return bound
    return 0.0


def names_of(observation: Observation) -> tuple[str, ...]:
    """What makes two calls equal, in the order of ``NAMES``."""
    caller = observation.caller
    return (
        observation.service,
        observation.method,
        caller.vo,
        caller.group,
        caller.user,
        str(observation.stage),
        str(observation.side),
        str(observation.outcome),
        str(observation.reason),
        str(observation.comparison),
    )


NAMES: Final = ("service", "method", "vo", "group", "user", "stage", "side", "outcome", "reason", "comparison")


def as_record(names: tuple[str, ...], tally: Tally) -> dict[str, Any]:
    """A line of a batch."""
    return {
        **dict(zip(NAMES, names, strict=True)),
        "count": tally.count,
        "seconds": round(tally.seconds, 6),
        "longest": round(tally.longest, 6),
        "classes": tally.classes,
    }


def of_record(record: Mapping[str, Any]) -> tuple[tuple[str, ...], Tally]:
    """Names and tally of a line that `as_record` made."""
    tally = Tally(record["count"], record["seconds"], record["longest"], list(record["classes"]))
    return tuple(record[name] for name in NAMES), tally

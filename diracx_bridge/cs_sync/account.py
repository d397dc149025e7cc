"""The account of every legacy option: converted, dropped for a reason, or unknown. The three add up to the total."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from diracx_bridge.cs_sync.tree import Option

__all__ = ["Account", "Fate", "Outcome", "TypedPath"]

TypedPath = tuple[str, ...]


class Fate(StrEnum):
    """The three classes."""

    CONVERTED = "converted"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one option: ``targets`` where it went, or the ``reason`` why it went nowhere."""

    fate: Fate
    targets: tuple[TypedPath, ...] = ()
    reason: str = ""


@lru_cache(maxsize=1024)
def _left_out(fate: Fate, reason: str) -> Outcome:
    return Outcome(fate, reason=reason)


@dataclass(slots=True, eq=False)
class Account:
    """Every option of the file with its outcome, in the order in which they were met."""

    outcomes: dict[Option, Outcome] = field(default_factory=dict)

    def converted(self, option: Option, targets: tuple[TypedPath, ...]) -> None:
        """``option`` went to ``targets``."""
        self.outcomes[option] = Outcome(Fate.CONVERTED, targets)

    def dropped(self, option: Option, reason: str) -> None:
        """``option`` was left out on purpose."""
        self.outcomes[option] = _left_out(Fate.DROPPED, reason)

    def unknown(self, option: Option, reason: str) -> None:
        """``option`` was left out because nothing knows it."""
        self.outcomes[option] = _left_out(Fate.UNKNOWN, reason)

    def counts(self) -> dict[str, int]:
        """Options per class, and their ``total``."""
        found = Counter(outcome.fate for outcome in self.outcomes.values())
        return {fate.value: found[fate] for fate in Fate} | {"total": len(self.outcomes)}

    def reasons(self) -> dict[str, int]:
        """Reason -> options dropped for it, the most frequent first."""
        found = Counter(outcome.reason for outcome in self.outcomes.values() if outcome.fate is Fate.DROPPED)
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**self.counts(), "reasons": self.reasons()}

"""The account of every legacy option: converted, dropped for a reason, or unknown. The three add up to the total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from diracx_bridge.cs_sync.tree import Option, path_of

__all__ = ["Account", "Fate", "Manner", "Outcome", "TypedPath", "manner"]

TypedPath = tuple[str, ...]


class Fate(StrEnum):
    """The three classes."""

    CONVERTED = "converted"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


class Manner(StrEnum):
    """How an option was converted: the four classes of `Fate.CONVERTED`."""

    KEPT = "kept"
    """Under the same path."""
    RENAMED = "renamed"
    """In the section of the same name, under another name."""
    MOVED = "moved"
    """To another section."""
    COPIED = "copied"
    """To several places, such as the VOs of a user."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one option: ``targets`` where it went, or the ``reason`` why it went nowhere."""

    fate: Fate
    targets: tuple[TypedPath, ...] = ()
    reason: str = ""


def manner(path: str, outcome: Outcome) -> Manner:
    """How the option at the legacy ``path`` was converted."""
    if len(outcome.targets) > 1:
        return Manner.COPIED
    given, made = path.strip("/").split("/"), outcome.targets[0]
    if tuple(given) == made:
        return Manner.KEPT
    return Manner.RENAMED if given[:-1] == list(made[:-1]) else Manner.MOVED


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

    def dropped_all(self, options: Iterable[Option], reason: str) -> None:
        """All of ``options`` were left out on purpose."""
        self.outcomes.update(dict.fromkeys(options, _left_out(Fate.DROPPED, reason)))

    def unknown(self, option: Option, reason: str) -> None:
        """``option`` was left out because nothing knows it."""
        self.outcomes[option] = _left_out(Fate.UNKNOWN, reason)

    def counts(self) -> dict[str, int]:
        """Options per class, and their ``total``."""
        found = Counter(outcome.fate for outcome in self.outcomes.values())
        return {fate.value: found[fate] for fate in Fate} | {"total": len(self.outcomes)}

    def manners(self) -> dict[str, int]:
        """How options were converted -> their number; together as many as were converted."""
        found = Counter(
            manner(path_of(option), outcome) for option, outcome in self.outcomes.items() if outcome.targets
        )
        return {each.value: found[each] for each in Manner}

    def per_vo(self) -> dict[str, int]:
        """VO -> options that went to it. One that went to several counts for each."""
        found: Counter[str] = Counter()
        for outcome in self.outcomes.values():
            found.update({path[1] for path in outcome.targets if path[0] in ("Registry", "Operations")} - {"Defaults"})
        return dict(sorted(found.items()))

    def reasons(self) -> dict[str, int]:
        """Reason -> options dropped for it, the most frequent first."""
        found = Counter(outcome.reason for outcome in self.outcomes.values() if outcome.fate is Fate.DROPPED)
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**self.counts(), "manners": self.manners(), "reasons": self.reasons(), "per_vo": self.per_vo()}

"""The words of routing: stages, sides, routes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """How far a service has moved; in this order."""

    LEGACY = "legacy"
    COMPARE = "compare"
    CANARY = "canary"
    LIVE = "live"
    RETIRED = "retired"

    @property
    def position(self) -> int:
        """0 for legacy to 4 for retired."""
        return ORDER.index(self)


ORDER: Final = tuple(Stage)


class Side(StrEnum):
    """Who carries out a call."""

    LEGACY = "legacy"
    DIRACX = "diracx"


@dataclass(frozen=True, slots=True)
class Route:
    """What the configuration says for one service, VO and method.

    ``percent`` is the share of jobs that go to DiracX, it matters in the stage canary only. ``fallback``: legacy may
    carry out a call that DiracX can't be reached for. ``decided_by`` is the option that named the stage.
    """

    stage: Stage
    percent: float | None = None
    fallback: bool = True
    decided_by: str = "no option"

    @property
    def may_fall_back(self) -> bool:
        """Whether legacy stands by for calls that go to DiracX."""
        return self.fallback and self.stage in (Stage.CANARY, Stage.LIVE)


NOT_ROUTED: Final = Route(Stage.LEGACY)
"""The route of a service that no option names."""

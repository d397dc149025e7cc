"""What a code of a finding stands for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Effect", "Kind", "Severity"]


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Effect(StrEnum):
    """What becomes of the thing that a finding names."""

    REFUSED = "nothing is written"
    VO = "the VO is left out"
    ENTRY = "the user or group is left out"
    OPTION = "the option or section is left out"
    PART = "this part of the value is left out"
    CHANGED = "the value is mended"
    HELD = "what was published last stays"
    KEPT = "nothing is changed"


@dataclass(frozen=True, slots=True)
class Kind:
    """One code: its ``meaning`` for the reference page and the default ``remedy``."""

    code: str
    severity: Severity
    effect: Effect
    meaning: str
    remedy: str

    @property
    def refuses(self) -> bool:
        """Whether a finding of this kind keeps the whole file from being written."""
        return self.effect is Effect.REFUSED

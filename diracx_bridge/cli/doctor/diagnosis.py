"""What the doctor finds: the cause, who is affected, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One finding: ``code`` is stable; errors keep something from working, warnings will sooner or later."""

    level: Level
    code: str
    affected: str
    cause: str
    remedy: str

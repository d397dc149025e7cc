"""What is noted about each call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from diracx_bridge.core.routing.stages import Side, Stage
from diracx_bridge.legacy_adapters.dispatch.call import Caller


class Outcome(StrEnum):
    """How a call ended."""

    OK = "ok"
    """S_OK."""
    ERROR = "error"
    """S_ERROR, as the side that answered says it."""
    FAILED = "failed"
    """S_ERROR because DiracX could not be used and legacy may not stand in."""


class Reason(StrEnum):
    """Why a call that belongs to DiracX did not get its answer there."""

    NONE = ""
    UNREACHABLE = "unreachable"
    """No answer, or one that says that the server is broken."""
    BREAKER = "breaker open"
    """Not tried, because others got no answer."""
    NO_TOKEN = "no token"
    """The caller has no credential that DiracX takes."""
    NO_EQUIVALENT = "no equivalent"
    """DiracX has no route for what the method does."""
    SETUP = "set-up"
    """The installation is set up so that DiracX can't be used."""


class Comparison(StrEnum):
    """What comparing the two sides found."""

    NONE = ""
    """They were not compared."""
    EQUAL = "equal"
    DIFFERENCE = "difference"
    """They differ as the list of deliberate differences says."""
    MISMATCH = "mismatch"
    RACE = "race"
    """Somebody else changed the same rows meanwhile: nothing can be said."""
    SKIPPED = "skipped"
    """The comparison had no time, no token, or no route."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One call: who, what, where it went, how long it took (``seconds``), how it ended.

    ``side`` is who answered at last; ``reason`` is set where that is not who should have.
    """

    service: str
    method: str
    caller: Caller
    stage: Stage
    side: Side
    outcome: Outcome
    seconds: float
    reason: Reason = Reason.NONE
    comparison: Comparison = Comparison.NONE


class Observer(Protocol):
    """Takes observations; never blocks, never raises."""

    def observe(self, observation: Observation) -> None: ...


class Unobserved:
    """Takes observations and forgets them."""

    def observe(self, observation: Observation) -> None:
        return None

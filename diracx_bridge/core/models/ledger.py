"""What the doors send to the ledger of the service, and what it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

Name = Annotated[str, Field(max_length=128)]
Word = Annotated[str, Field(max_length=32)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class CountedCalls(BaseModel):
    """Equal calls, counted."""

    service: Name
    method: Name
    vo: Annotated[str, Field(max_length=64)] = ""
    group: Name = ""
    user: Annotated[str, Field(max_length=64)] = ""
    stage: Annotated[str, Field(max_length=16)]
    side: Annotated[str, Field(max_length=16)]
    outcome: Annotated[str, Field(max_length=16)]
    reason: Word = ""
    comparison: Annotated[str, Field(max_length=16)] = ""
    count: Count
    seconds: Annotated[float, Field(ge=0)]
    longest: Annotated[float, Field(ge=0)]
    classes: Annotated[list[Count], Field(min_length=11, max_length=11)]


class FoundMismatch(BaseModel):
    """A kind of mismatch with its first example."""

    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    service: Name
    method: Name
    vo: Annotated[str, Field(max_length=64)] = ""
    what: Name
    legacy: Any = None
    diracx: Any = None
    call: dict[str, Any]
    count: Count


class LedgerBatch(BaseModel):
    """What a process has counted since its last batch; ``dropped`` is how much it left out: it had no room for
    it, or does not know whether it arrived.
    """

    calls: Annotated[list[CountedCalls], Field(max_length=2000)] = []
    mismatches: Annotated[list[FoundMismatch], Field(max_length=200)] = []
    dropped: Count = 0


class CallSummary(BaseModel):
    """Calls of one kind: ``classes`` are their numbers by class of latency, ``users`` how many users made them."""

    service: str
    method: str
    vo: str
    stage: str
    side: str
    outcome: str
    reason: str
    comparison: str
    count: int
    seconds: float
    longest: float
    users: int
    first: datetime
    last: datetime
    classes: list[int]


class KnownMismatch(BaseModel):
    """A kind of mismatch, how often and when it was seen, and its first example."""

    fingerprint: str
    service: str
    method: str
    vo: str
    what: str
    legacy: Any
    diracx: Any
    call: dict[str, Any]
    count: int
    first_seen: datetime
    last_seen: datetime

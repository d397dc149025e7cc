"""A difference between the two sides that nobody intended."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final

from diracx_bridge.legacy_adapters.ledger.masking import masked

_NUMBERS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """``what`` differed in calls of ``method``: a column such as ``Jobs.MinorStatus``, or ``answer``.

    ``legacy`` and ``diracx`` are what the sides had, ``call`` reproduces it; secrets are masked in all of them.
    """

    service: str
    method: str
    vo: str
    what: str
    legacy: Any
    diracx: Any
    call: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """The same for differences of the same kind, whatever the job and its values."""
        kind = "\0".join((self.service, self.method, self.what, _shape(self.legacy), _shape(self.diracx)))
        return hashlib.sha256(kind.encode()).hexdigest()

    def as_record(self) -> dict[str, Any]:
        """A line of a batch, without its ``count``."""
        return {
            "fingerprint": self.fingerprint,
            "service": self.service,
            "method": self.method,
            "vo": self.vo,
            "what": self.what,
            "legacy": masked(self.legacy),
            "diracx": masked(self.diracx),
            "call": masked(self.call),
        }


def _shape(value: Any) -> str:
    """What stays of a value when it is about another job: its kind, and of an error the words."""
    if isinstance(value, dict) and "Message" in value:
        return _NUMBERS.sub("N", str(value["Message"]))
    if isinstance(value, list | tuple):
        return f"{len(value)} of {type(value).__name__}"
    return type(value).__name__

"""What an entry of the list of deliberate differences holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """``method`` of ``service`` does ``legacy`` in DIRAC 9.1.22, ``ours`` through the adapter, for this ``reason``."""

    id: str
    service: str
    method: str
    legacy: str
    ours: str
    reason: str

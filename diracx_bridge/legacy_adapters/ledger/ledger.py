"""The ledger of one process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from diracx_bridge.legacy_adapters.dispatch.observation import Observation
from diracx_bridge.legacy_adapters.ledger.mismatch import Mismatch
from diracx_bridge.legacy_adapters.ledger.tally import Tally, as_record, names_of, of_record

MOST_LINES: Final = 2000
"""Kinds of calls that are counted apart; of more, only the number is kept."""
MOST_MISMATCHES: Final = 200
"""Kinds of mismatches that are kept until they are sent."""


class Ledger:
    """Counts calls and keeps one example of each kind of mismatch, in bounded memory, until a batch is taken.

    Threads share it. Counting one call costs a few microseconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[tuple[str, ...], Tally] = {}
        self._mismatches: dict[str, dict[str, Any]] = {}
        self.dropped = 0

    def observe(self, observation: Observation) -> None:
        """Count a call."""
        with self._lock:
            tally = self._tally(names_of(observation))
            if tally is None:
                self.dropped += 1
            else:
                tally.add(observation.seconds)

    def note(self, mismatch: Mismatch) -> None:
        """Keep a mismatch, or count it if one of its kind is there."""
        with self._lock:
            self._keep(mismatch.fingerprint, mismatch.as_record, 1)

    @property
    def waiting(self) -> int:
        """Calls and mismatches that are not in a batch yet."""
        with self._lock:
            return sum(tally.count for tally in self._calls.values()) + len(self._mismatches)

    @property
    def has_mismatches(self) -> bool:
        """Whether a mismatch is not in a batch yet."""
        return bool(self._mismatches)

    def take(self) -> dict[str, Any]:
        """Everything so far as a batch, as ``POST /api/bridge/ledger`` takes it; the ledger is empty then."""
        with self._lock:
            calls, self._calls = self._calls, {}
            mismatches, self._mismatches = self._mismatches, {}
            dropped, self.dropped = self.dropped, 0
        return {
            "calls": [as_record(names, tally) for names, tally in calls.items()],
            "mismatches": list(mismatches.values()),
            "dropped": dropped,
        }

    def put_back(self, batch: dict[str, Any]) -> None:
        """Count again what is in a batch that has not arrived, as far as there is room."""
        with self._lock:
            self.dropped += batch["dropped"]
            for line in batch["calls"]:
                names, counted = of_record(line)
                tally = self._tally(names)
                if tally is None:
                    self.dropped += counted.count
                else:
                    tally.join(counted)
            for mismatch in batch["mismatches"]:
                self._keep(mismatch["fingerprint"], mismatch.copy, mismatch["count"])

    def _tally(self, names: tuple[str, ...]) -> Tally | None:
        """The tally of such calls; None if there are too many kinds."""
        tally = self._calls.get(names)
        if tally is None and len(self._calls) < MOST_LINES:
            tally = self._calls[names] = Tally()
        return tally

    def _keep(self, fingerprint: str, record: Callable[[], dict[str, Any]], count: int) -> None:
        known = self._mismatches.get(fingerprint)
        if known is None and len(self._mismatches) >= MOST_MISMATCHES:
            self.dropped += count
        elif known is None:
            self._mismatches[fingerprint] = {**record(), "count": count}
        else:
            known["count"] += count

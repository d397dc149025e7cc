"""What the synchroniser knows about itself: for health checks, metrics and people."""

from __future__ import annotations

import os
import time
from typing import Any

from diracx_bridge import __version__
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.follow.metrics import Metrics
from diracx_bridge.cs_sync.follow.sync import Ended, Taken
from diracx_bridge.cs_sync.git.publish import Outcome
from diracx_bridge.cs_sync.provenance import moment, reasons

__all__ = ["Status"]

_STUCK_SECONDS = 300.0
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Status:
    """Told of every step; answers at any time, from any thread."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self._beat = time.monotonic()
        self._newer_since: float | None = None
        self._started = False
        self._problems: dict[str, str] = {}
        self._version = ""
        self._commit: str | None = None
        self._findings: dict[str, int] = {}

    def beat(self) -> None:
        """The loop goes round."""
        self._beat = time.monotonic()

    def taken(self, taken: Taken, seconds: float, cpu: float) -> None:
        """A text was looked at."""
        self.metrics.add("texts_total", taken.ended.value)
        if taken.ended is Ended.HALF_WRITTEN:
            return
        self.metrics.set("convert_seconds", seconds)
        self.metrics.set("convert_cpu_seconds", cpu)
        self._about(taken.result)
        refused = taken.ended is Ended.REFUSED
        self.metrics.set("refused", refused)
        if refused:
            first = next((finding for finding in taken.result.findings if finding.refuses), None)
            self.trouble("refused", f"{first.code} in line {first.line}: {first.message}" if first else "refused")
        else:
            self.well("refused")
            self._version = taken.result.version().get("Version", "")
            self.metrics.replace("info", {(__version__, self._version): 1.0})
        if taken.ended is not Ended.UNCHANGED:
            self._newer()

    def published(self, outcome: Outcome, seconds: float) -> None:
        """The branch holds what was accepted."""
        self.metrics.set("publish_seconds", seconds)
        self.metrics.add("commits_total", by=len(outcome.made))
        self.metrics.set("drift", 0)
        self._commit = outcome.commit
        self._started = True
        self.well("publish")
        self.well("drift")
        if served := moment(self._version):
            self.metrics.set("served_version_seconds", served.timestamp())
        self.agreed()

    def agreed(self) -> None:
        """Source and branch are known to agree, unless something is refused or waits."""
        if not self._problems:
            self._newer_since = None
            self.metrics.set("last_success_seconds", time.time())

    def trouble(self, part: str, message: str) -> None:
        """``part`` (source, take, publish, drift, refused) does not work, for this reason."""
        self._problems = {**self._problems, part: message}
        if part == "drift":
            self.metrics.set("drift", 1)
            self._newer()

    def well(self, part: str) -> None:
        """``part`` works."""
        self._problems = {name: message for name, message in self._problems.items() if name != part}

    def alive(self) -> bool:
        """Whether the loop still goes round."""
        return time.monotonic() - self._beat < _STUCK_SECONDS

    def ready(self) -> bool:
        """Whether what is served is the newest there is."""
        return self._started and self.alive() and not self._problems

    def as_dict(self) -> dict[str, Any]:
        """For people: what is wrong, what is served, what was found."""
        return {
            "ready": self.ready(),
            "problems": self._problems,
            "version": self._version,
            "commit": self._commit,
            "age_seconds": round(self._age(), 1),
            "findings": self._findings,
            "tool": f"diracx-bridge {__version__}",
        }

    def text(self) -> str:
        """The metrics as they are now."""
        self.metrics.set("ready", self.ready())
        self.metrics.set("age_seconds", self._age())
        self.metrics.set("resident_bytes", _resident())
        return self.metrics.text()

    def _age(self) -> float:
        return time.monotonic() - self._newer_since if self._newer_since is not None else 0.0

    def _newer(self) -> None:
        if self._newer_since is None:
            self._newer_since = time.monotonic()

    def _about(self, result: Result) -> None:
        self._findings = result.findings.by_code()
        found: dict[tuple[str, ...], float] = {}
        for finding in result.findings:
            key = (finding.code, finding.severity.value)
            found[key] = found.get(key, 0.0) + 1
        self.metrics.replace("findings", found)
        counts = result.account.counts()
        self.metrics.replace("options", {(fate,): float(n) for fate, n in counts.items() if fate != "total"})
        self.metrics.replace("dropped_options", {(why,): float(n) for why, n in reasons(result).items()})
        if known := moment(result.version().get("Version", "")):
            self.metrics.set("known_version_seconds", known.timestamp())


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * _PAGE

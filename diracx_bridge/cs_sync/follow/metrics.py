"""The figures of a synchroniser: what there is, what it means, and the text in which Prometheus reads it.

The text is written here because the client library of Prometheus is not needed for anything else.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["METRICS", "Metric", "Metrics"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure, or one for each combination of its labels."""

    name: str
    kind: str
    meaning: str
    labels: tuple[str, ...] = ()


_PREFIX: Final = "diracx_bridge_cs_sync_"
METRICS: Final[tuple[Metric, ...]] = (
    Metric("ready", "gauge", "1 if `/readyz` says so, else 0."),
    Metric("info", "gauge", "1, with the version of the tool and of the CS that was taken last.", ("tool", "version")),
    Metric("age_seconds", "gauge", "For how long something newer than what is served has been known; 0 if nothing is."),
    Metric("last_success_seconds", "gauge", "Unix time at which source and branch were last known to agree."),
    Metric("served_version_seconds", "gauge", "The version of the CS that is served, as Unix time."),
    Metric("known_version_seconds", "gauge", "The newest version of the CS that was seen, as Unix time."),
    Metric("texts_total", "counter", "Texts that were looked at, by what became of them.", ("ended",)),
    Metric("commits_total", "counter", "Commits that were published."),
    Metric("publish_failures_total", "counter", "Attempts to publish that failed."),
    Metric("source_failures_total", "counter", "Attempts to read the source that failed."),
    Metric("queued", "gauge", "Changes that wait to be published."),
    Metric("refused", "gauge", "1 if the newest text is refused, else 0."),
    Metric("drift", "gauge", "1 if others changed the branch and somebody has to decide, else 0."),
    Metric("findings", "gauge", "Findings of the newest text.", ("code", "severity")),
    Metric("options", "gauge", "Options of the newest text, by what became of them.", ("fate",)),
    Metric("dropped_options", "gauge", "Options of the newest text that were left out, by reason.", ("reason",)),
    Metric("convert_seconds", "gauge", "Time that the last conversion took."),
    Metric("convert_cpu_seconds", "gauge", "CPU time of the process meanwhile."),
    Metric("publish_seconds", "gauge", "Time that the last publication took."),
    Metric("verified_total", "counter", "Texts that were verified on request."),
    Metric("resident_bytes", "gauge", "Resident memory of the process."),
)
"""In the order of the reference page."""
_KNOWN: Final = {metric.name: metric for metric in METRICS}


class Metrics:
    """The current figures; safe to be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, dict[tuple[str, ...], float]] = {
            metric.name: {} if metric.labels else {(): 0.0} for metric in METRICS
        }

    def set(self, name: str, value: float, *labels: str) -> None:
        """Set one figure."""
        with self._lock:
            self._values[name][labels] = value

    def add(self, name: str, *labels: str, by: float = 1) -> None:
        """Count."""
        with self._lock:
            values = self._values[name]
            values[labels] = values.get(labels, 0.0) + by

    def replace(self, name: str, values: Mapping[tuple[str, ...], float]) -> None:
        """Set all figures of a labelled metric; others of it disappear."""
        with self._lock:
            self._values[name] = dict(values)

    def get(self, name: str, *labels: str) -> float:
        """One figure, 0 if there is none."""
        with self._lock:
            return self._values[name].get(labels, 0.0)

    def text(self) -> str:
        """All of them in the text format of Prometheus."""
        lines = []
        with self._lock:
            for name, values in self._values.items():
                metric = _KNOWN[name]
                full = _PREFIX + name
                lines += [f"# HELP {full} {metric.meaning}", f"# TYPE {full} {metric.kind}"]
                for labels, value in sorted(values.items()):
                    pairs = ",".join(
                        f'{key}="{_quoted(text)}"' for key, text in zip(metric.labels, labels, strict=True)
                    )
                    lines.append(f"{full}{{{pairs}}} {value:.17g}" if pairs else f"{full} {value:.17g}")
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

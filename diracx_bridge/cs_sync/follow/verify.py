"""Says what a change of the legacy configuration would bring in: not what was wrong before."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.findings import Finding, Severity

__all__ = ["Baseline", "introduced"]

Key = tuple[str, str, str]


def introduced(before: Iterable[Finding] | Counter[Key], after: Iterable[Finding]) -> list[Finding]:
    """The findings of ``after`` that are not in ``before``, wherever in the file they stand."""
    known = Counter(before) if isinstance(before, Counter) else counted(before)
    new = []
    for finding in after:
        key = _key(finding)
        if known[key] > 0:
            known[key] -= 1
        else:
            new.append(finding)
    return new


def counted(findings: Iterable[Finding]) -> Counter[Key]:
    """How often each finding is there, lines left aside."""
    return Counter(_key(finding) for finding in findings)


def _key(finding: Finding) -> Key:
    return finding.code, finding.path, finding.message


class Baseline:
    """The findings of the text that is in force; safe to be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Counter[Key] = Counter()

    def is_now(self, result: Result) -> None:
        """``result`` is the conversion of the text in force."""
        known = counted(result.findings)
        with self._lock:
            self._known = known

    def report(self, result: Result) -> dict[str, Any]:
        """What ``result`` brings in, for JSON: ``findings``, ``refused``, and whether there are new errors (``ok``)."""
        with self._lock:
            new = introduced(self._known, result.findings)
        return {
            "ok": not result.refused and not any(finding.severity is Severity.ERROR for finding in new),
            "refused": result.refused,
            "findings": [finding.as_dict() for finding in new],
            "known": len(result.findings) - len(new),
        }

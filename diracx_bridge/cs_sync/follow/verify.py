"""Says what a change of the legacy configuration would bring in: not what was wrong before."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.findings import Finding, Severity
from diracx_bridge.cs_sync.follow.baseline import Baseline, Outline, outline_of
from diracx_bridge.cs_sync.follow.source import Text
from diracx_bridge.cs_sync.options import DEFAULTS, Options
from diracx_bridge.cs_sync.previous import Previous

__all__ = ["Verifier", "introduced"]

_NAME: Final = "<verify>"
_LINE: Final = re.compile(r"\bline \d+")
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
    message = finding.message
    return finding.code, finding.path, _LINE.sub("line", message) if "line " in message else message


@dataclass(frozen=True, slots=True, eq=False)
class _InForce:
    known: Counter[Key] = field(default_factory=Counter)
    outline: Outline | None = None
    baseline: Baseline | None = None


class Verifier:
    """Holds texts against the one that is in force; safe to be used by several threads.

    ``convert`` converts a whole text: it is called if the change can't be looked at by itself. ``previous`` is what was
    accepted last.
    """

    def __init__(
        self, convert: Callable[[Text], Result], previous: Callable[[], Previous], options: Options = DEFAULTS
    ) -> None:
        self._convert, self._previous, self._options = convert, previous, options
        self._lock = threading.Lock()
        self._now = _InForce()

    def is_now(self, result: Result) -> None:
        """``result`` is the conversion of the text in force."""
        now = _InForce(counted(result.findings), outline_of(result, self._options))
        with self._lock:
            self._now = now

    def prepare(self) -> None:
        """Do what has to be done once for a text in force; else the next report does it."""
        with self._lock:
            if self._now.outline is not None:
                self._now = _InForce(self._now.known, None, self._now.outline.baseline())

    def report(self, data: bytes) -> dict[str, Any]:
        """What the text ``data`` brings in, for JSON.

        ``findings`` that are new, how many are ``known``, whether the text would be ``refused``; ``ok`` is false if it
        would be, or if there are new errors; ``whole`` says that all of it had to be converted.

        Raises:
            SetupError, Unavailable: nothing is known about what was published before.
        """
        self.prepare()
        now = self._now
        difference = now.baseline and now.baseline.difference(data, _NAME, self._options, self._previous())
        if difference:
            refused, found, kept = difference
            new = introduced(now.known - counted(kept), found)
            known = len(kept) + len(found) - len(new)
        else:
            result = self._convert(Text(data, _NAME))
            refused = result.refused
            new = introduced(now.known, result.findings)
            known = len(result.findings) - len(new)
        return {
            "ok": not refused and not any(finding.severity is Severity.ERROR for finding in new),
            "refused": refused,
            "whole": difference is None,
            "findings": [finding.as_dict() for finding in new],
            "known": known,
        }

"""What the converter notices: stable codes, a place in the file, what happened, what to do.

Nothing stops at the first finding; a run collects all of them. `KINDS` (in `finding_kinds`) is the list of codes and
the source of their reference page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from diracx_bridge.cs_sync.finding_kinds import KINDS, Effect, Kind, Severity
from diracx_bridge.cs_sync.policy import NO_POLICY, STRICT, Choice, Policy
from diracx_bridge.cs_sync.tree import Node, Part, file_of, path_of

__all__ = ["Finding", "Findings", "Severity"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. ``line`` and ``column`` are 1-based; 0 stands for the file as a whole."""

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    path: str
    typed_path: str
    message: str
    remedy: str
    effect: Effect

    @property
    def refuses(self) -> bool:
        """Whether nothing may be written because of this finding."""
        return self.effect is Effect.REFUSED

    def as_dict(self) -> dict[str, Any]:
        """For JSON; the keys are part of the interface of `cs convert --json`."""
        return asdict(self)


class Findings:
    """Collects the findings of one conversion. ``file`` is being read: findings without an entry are about it."""

    def __init__(self, file: str, policy: Policy = NO_POLICY) -> None:
        self.file = self._first = file
        self.policy = policy
        self._found: list[Finding] = []

    def add(
        self,
        code: str,
        message: str,
        *,
        at: Node | Part | None = None,
        of: Node | None = None,
        path: str | None = None,
        typed_path: str = "",
        remedy: str = "",
        held: bool = False,
        kept: bool = False,
    ) -> None:
        """Note a finding of kind ``code``.

        ``at`` gives line and column; ``of`` (or ``at``, if it is an entry) file and legacy path, unless ``path`` gives
        that; without ``remedy`` it is that of the kind. ``held`` says that the last good value stands in,
        ``kept`` that nothing was changed this time.
        Messages must not hold values of options that are not converted: those may be secrets.
        """
        kind = KINDS[code]
        if of is None and at is not None and not isinstance(at, Part):
            of = at
        if path is None:
            path = path_of(of) if of is not None else ""
        file = (file_of(of) if of is not None else "") or self.file
        line, column = (at.line, at.column) if at is not None else (0, 0)
        self._found.append(
            Finding(
                code,
                kind.severity,
                file,
                line,
                column,
                path,
                typed_path,
                shorten(message),
                remedy or kind.remedy,
                self._effect(kind, path, held=held, kept=kept),
            )
        )

    def _effect(self, kind: Kind, path: str, *, held: bool, kept: bool) -> Effect:
        choice = self.policy.choice(kind.code, path)
        if choice is Choice.FAIL:
            return Effect.REFUSED
        if held:
            return Effect.HELD
        return Effect.KEPT if kept or choice is Choice.KEEP else kind.effect

    def __iter__(self) -> Iterator[Finding]:
        """In the order of the file."""
        return iter(
            sorted(self._found, key=lambda found: (self._order(found.file), found.line, found.column, found.code))
        )

    def _order(self, file: str) -> tuple[bool, str]:
        return file != self.file, file

    def __len__(self) -> int:
        return len(self._found)

    def since(self, number: int) -> list[Finding]:
        """What was added after the first ``number``, in the order in which it was."""
        return self._found[number:]

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(found.severity is severity for found in self._found)

    def by_code(self) -> dict[str, int]:
        """Code -> number of findings, in the order of the codes."""
        return dict(sorted(Counter(found.code for found in self._found).items()))

    def refuse_strictly(self) -> bool:
        """Whether a finding is an error, or one that upstream fails on, and the policy has not decided about it."""
        return any(
            (found.severity is Severity.ERROR or found.code in STRICT)
            and self.policy.choice(found.code, found.path) in (None, Choice.FAIL)
            for found in self._found
        )

    def refuse(self) -> bool:
        """Whether a finding says that nothing may be written."""
        return any(found.refuses for found in self._found)


def shorten(text: str, limit: int = 400) -> str:
    """``text`` in one line of at most ``limit`` characters, control characters shown as escapes."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    return shown if len(shown) <= limit else shown[: limit - 4] + " ..."

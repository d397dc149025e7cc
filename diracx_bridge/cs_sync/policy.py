"""What an installation has decided about findings and options: refuse, leave out, keep, or map elsewhere.

A policy is a list of choices per finding code (for all places, or for legacy paths that a pattern matches), rules of
its own which come before ours, and replacements of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from diracx_bridge.cs_sync.rules import Rule

__all__ = ["CHOICES", "NO_POLICY", "STRICT", "Choice", "Policy", "choices_of"]


class Choice(StrEnum):
    """What may be chosen for a finding."""

    FAIL = "fail"
    """Refuse the file."""
    DROP = "drop"
    """Leave out what the finding is about."""
    KEEP = "keep"
    """Take it as it is."""


_MAY_STAY: Final = (
    "disabled-vos", "dn-pseudo", "not-in-diracx", "entries-vanished", "property-unknown", "registry-incomplete",
    "secret-dropped", "switch-contradiction", "unknown-option", "unknown-section", "user-without-group",
    "version-older",
)  # fmt: skip
_MAY_GO: Final = (
    "default-group-dangling", "dn-comma", "dn-not-slashes", "flag-unclear", "group-default-vo", "group-vo-list",
    "group-without-properties", "group-without-users", "idp-url-http", "user-no-dn", "user-suspended", "vo-empty",
)  # fmt: skip

CHOICES: Final[Mapping[str, frozenset[Choice]]] = {
    **dict.fromkeys(_MAY_STAY, frozenset({Choice.KEEP})),
    **dict.fromkeys(_MAY_GO, frozenset({Choice.DROP})),
}
"""Code -> what may be chosen for it instead of the default; ``fail`` may be chosen for every code."""


STRICT: Final = frozenset(
    {
        "email-empty", "email-invalid", "file-bom", "file-latin-1", "flag-unclear", "group-without-properties",
        "group-without-users", "not-in-diracx", "operations-setup-layer", "setup-left-over", "unknown-option",
        "unknown-section", "user-no-dn",
    }
)  # fmt: skip
"""No errors here, but upstream's converter fails on them: ``--strict`` refuses them as it refuses errors."""


def choices_of(code: str) -> list[Choice]:
    """What may be chosen for ``code``, for the reference page."""
    return [Choice.FAIL, *sorted(CHOICES.get(code, ()))]


@dataclass(frozen=True, slots=True)
class Policy:
    """``choices`` are code, pattern of legacy paths (as of a shell), and choice: the last that fits counts.

    ``values`` are patterns of legacy paths with old and new values; of lists each entry is looked up.
    """

    choices: tuple[tuple[str, str, Choice], ...] = ()
    rules: tuple[Rule, ...] = ()
    values: tuple[tuple[str, Mapping[str, str]], ...] = ()

    def choice(self, code: str, path: str) -> Choice | None:
        """What was chosen for a finding of ``code`` at the legacy ``path``; None: the default."""
        found = None
        for chosen, pattern, choice in self.choices:
            if chosen == code and fnmatchcase(path, pattern):
                found = choice
        return found

    def with_choices(self, more: Iterable[tuple[str, str, Choice]]) -> Policy:
        """This policy with ``more`` choices, which come before those it has."""
        return Policy((*self.choices, *more), self.rules, self.values)


NO_POLICY: Final = Policy()

"""The command line of DIRAC's commands: switches anywhere, ids separated by blanks or commas."""

from __future__ import annotations

import getopt
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple


class Switch(NamedTuple):
    """A switch by its letter ("" for none) and its name; ``value`` says what it takes, "" for nothing."""

    letter: str
    name: str
    value: str
    help: str


FILE: Final = Switch("f", "File", "value", "Take the job ids in this file, too")
GROUP: Final = Switch("g", "JobGroup", "value", "Take the jobs of this job group, too (of the last 30 days)")
GENERAL: Final = (
    Switch("o", "option", "value", "Of every DIRAC command; no effect here"),
    Switch("s", "section", "value", "Of every DIRAC command; no effect here"),
    Switch("c", "cert", "value", "Of every DIRAC command; no effect here"),
    Switch("", "cfg", "value", "Of every DIRAC command; no effect here"),
    Switch("d", "debug", "", "Of every DIRAC command; no effect here"),
    Switch("h", "help", "", "Show this help"),
)


class UsageError(Exception):
    """The arguments are wrong, or help was asked for: ``code`` is the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Given:
    """What a command was given: words, and switches by name in their order; ``help`` is the help."""

    words: list[str] = field(default_factory=list)
    switches: list[tuple[str, str]] = field(default_factory=list)
    help: str = ""

    def last(self, name: str) -> str | None:
        """The value of a switch where it stands last; None where it does not stand."""
        return next((value for found, value in reversed(self.switches) if found == name), None)


def parse(arguments: Sequence[str], switches: Sequence[Switch], usage: str) -> Given:
    """What ``arguments`` say. Files of DIRAC's configuration among the words are left out.

    Raises:
        UsageError: an unknown switch, or ``-h``; the message is the help.
    """
    known = (*GENERAL, *switches)
    described = help_text(known, usage)
    short = "".join(s.letter + (":" if s.value else "") for s in known if s.letter)
    try:
        options, words = getopt.gnu_getopt(list(arguments), short, [s.name + ("=" if s.value else "") for s in known])
    except getopt.GetoptError as error:
        raise UsageError(f"Error when parsing command line arguments: {error}\n\n{described}", 2) from None
    names: Mapping[str, str] = {f"-{s.letter}": s.name for s in known if s.letter}
    given = [(names.get(option, option.lstrip("-")), value) for option, value in options]
    if any(name == "help" for name, _ in given):
        raise UsageError(described, 0)
    if not os.environ.get("DIRAC_NO_CFG"):
        words = [word for word in words if not word.endswith(".cfg")]
    return Given(words, given, described)


def separated(words: Iterable[str]) -> list[str]:
    """``words`` taken apart at commas."""
    return [part.strip() for word in words for part in word.split(",") if part.strip()]


def help_text(switches: Sequence[Switch], usage: str) -> str:
    """Usage and switches in lines."""
    name = Path(sys.argv[0]).name
    lines = [f"  -{s.letter:<2}  --{s.name} {f'<{s.value}>' if s.value else ''}".ljust(33) + s.help for s in switches]
    return "\n".join([f"Usage:\n  {name} [options] ... {usage}", "", "Options:", *lines])

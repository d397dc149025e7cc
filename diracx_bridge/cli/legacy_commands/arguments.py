"""The command line of DIRAC's commands: switches anywhere, ids separated by blanks or commas."""

from __future__ import annotations

import getopt
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

GENERAL: Final = ("-o", "--option", "-s", "--section", "-c", "--cert")
"""Switches of every DIRAC command that change its configuration; here they have no effect."""


class Switch(NamedTuple):
    """A switch by its letter and its name; ``value`` says what it takes, "" for nothing."""

    letter: str
    name: str
    value: str
    help: str


FILE: Final = Switch("f", "File", "value", "Take the job ids in this file, too")
GROUP: Final = Switch("g", "JobGroup", "value", "Take the jobs of this job group, too (of the last 30 days)")


class UsageError(Exception):
    """The arguments are wrong, or help was asked for: ``code`` is the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Given:
    """What a command was given: words, and switches by name."""

    words: list[str] = field(default_factory=list)
    switches: dict[str, str] = field(default_factory=dict)

    def ids_in_file(self) -> list[str]:
        """The ids in the file that ``--File`` names; none if it does not exist."""
        path = Path(self.switches.get("File", ""))
        return path.read_text().split() if self.switches.get("File") and path.exists() else []


def parse(arguments: Sequence[str], switches: Sequence[Switch], usage: str) -> Given:
    """What ``arguments`` say.

    Raises:
        UsageError: an unknown switch, or ``-h``; the message is the help.
    """
    short = "hdo:s:c:v" + "".join(s.letter + (":" if s.value else "") for s in switches)
    long = ["help", "debug", "option=", "section=", "cert=", "version"]
    long += [s.name + ("=" if s.value else "") for s in switches]
    try:
        options, words = getopt.gnu_getopt(list(arguments), short, long)
    except getopt.GetoptError as error:
        raise UsageError(f"{error}\n\n{help_text(switches, usage)}", 1) from None
    names: Mapping[str, str] = {f"-{s.letter}": s.name for s in switches}
    given = Given(separated(words))
    for option, value in options:
        if option in ("-h", "--help"):
            raise UsageError(help_text(switches, usage), 0)
        given.switches[names.get(option, option.lstrip("-"))] = value
    return given


def separated(words: Sequence[str]) -> list[str]:
    """``words`` taken apart at commas."""
    return [part.strip() for word in words for part in word.split(",") if part.strip()]


def help_text(switches: Sequence[Switch], usage: str) -> str:
    """Usage and switches in lines."""
    name = Path(sys.argv[0]).name
    lines = [f"  -{s.letter}  --{s.name} {f'<{s.value}>' if s.value else ''}".ljust(32) + s.help for s in switches]
    return "\n".join([f"Usage:\n  {name} [options] ... {usage}", "", "Options:", *lines])

"""Which jobs a command is about: those of its words, of files, and of job groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from diracx_bridge.cli.legacy_commands.arguments import Given, separated
from diracx_bridge.cli.legacy_commands.failed import Failed

if TYPE_CHECKING:
    from diracx_bridge.client import Jobs

RECENT: Final = timedelta(days=30)
EXPECTED: Final = "Expected (list of)  integer or string for existing jobID"


def by_switches(given: Given, jobs: Jobs, *states: str, needed: bool = False) -> list[str]:
    """The ids that ``--File`` and ``--JobGroup`` name, of jobs in one of ``states`` if some are given.

    Raises:
        Failed: a job group has no jobs, though they are ``needed``.
    """
    ids: list[str] = []
    for name, value in given.switches:
        if name == "File" and Path(value).exists():
            ids += Path(value).read_text().split()
        elif name == "JobGroup":
            for state in states or (None,):
                found = _of_group(jobs, value, state)
                if needed and not found:
                    print("Error: No jobs selected")
                    raise Failed(255)
                ids += found
    return ids


def _of_group(jobs: Jobs, group: str, state: str | None) -> list[str]:
    since = f"{datetime.now(UTC) - RECENT:%Y-%m-%d}"
    wanted = {**({"Status": state} if state else {}), "JobGroup": group}
    search: list[dict[str, Any]] = [{"parameter": "LastUpdateTime", "operator": "gt", "value": since}]
    search += [{"parameter": name, "operator": "eq", "value": value} for name, value in wanted.items()]
    ids = [str(row["JobID"]) for row in jobs.search(search, parameters=["JobID"])]
    if not ids:
        print(f"No jobs selected with date '{since}' for conditions: {wanted}")
    return ids


def numbers(words: Iterable[str], prefix: str = "") -> list[int]:
    """The ids of a command that is about all of its jobs at once; ``prefix`` begins its error.

    Raises:
        Failed: one of them is no number; it has been shown.
    """
    try:
        return list(dict.fromkeys(int(word) for word in words))
    except ValueError as error:
        print(error)
        print(f"{prefix}{EXPECTED}")
        raise Failed from None


def one_by_one(given: Given) -> tuple[list[tuple[str, int | None]], list[int]]:
    """The words of a command that goes from job to job, each with its id (None: it is none), and the ids alone."""
    words: list[tuple[str, int | None]] = [(word, _number(word)) for word in separated(given.words)]
    return words, [job for _, job in words if job is not None]


def no_number(word: str) -> str:
    """What is said of a word that is no job id."""
    return f"invalid literal for int() with base 10: {word!r}"


def _number(word: str) -> int | None:
    try:
        return int(word)
    except ValueError:
        return None

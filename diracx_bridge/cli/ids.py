"""Job ids as people and programs write them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final

import typer

JobIds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID...", help="Job ids: 17 18, 17,18 or 17-20; - reads them (or JSON with JobID) from standard input."
    ),
]
MOST: Final = 1_000_000
_RANGE: Final = re.compile(r"(\d+)-(\d+)")


def job_ids(words: Iterable[str] | None) -> list[int]:
    """The ids that ``words`` name, each once, in order; none, or ``-``, means those on standard input.

    Raises:
        typer.BadParameter: a word is no id, or there is no id at all.
    """
    named = list(words or ())
    if not named and sys.stdin.isatty():
        raise typer.BadParameter("give job ids, or - to read them from standard input")
    if not named or "-" in named:
        named = [word for word in named if word != "-"] + list(_from_text(sys.stdin.read()))
    ids = list(dict.fromkeys(number for word in named for number in _numbers(word)))
    if not ids:
        raise typer.BadParameter("no job ids were given")
    return ids


def _from_text(text: str) -> Iterator[str]:
    if text.lstrip()[:1] in ("[", "{"):
        try:
            yield from map(str, _from_json(json.loads(text)))
            return
        except ValueError:
            raise typer.BadParameter("standard input starts like JSON but is not") from None
    yield from text.split()


def _from_json(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for member in value:
            yield from _from_json(member)
    elif isinstance(value, dict):
        yield from [value["JobID"]] if "JobID" in value else [key for key in value if key.isdigit()]
    else:
        yield value


def _numbers(word: str) -> Iterator[int]:
    for part in filter(None, word.split(",")):
        if found := _RANGE.fullmatch(part):
            first, last = int(found[1]), int(found[2])
            if not first <= last < first + MOST:
                raise typer.BadParameter(f"{part!r} is no range of job ids")
            yield from range(first, last + 1)
        elif part.isdigit():
            yield int(part)
        else:
            raise typer.BadParameter(f"{part!r} is no job id")

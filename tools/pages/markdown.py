"""What pages are put together of."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Final

MADE: Final = "<!-- Made by `python tools/reference_pages.py`; not edited. -->"


def table(titles: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A Markdown table."""
    head = list(titles)
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return lines + [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


def first_paragraph(text: str | None) -> str:
    """The first paragraph of a docstring in one line, with Markdown's kind of code."""
    return " ".join((inspect.cleandoc(text or "").split("\n\n")[0]).split()).replace("``", "`")


def page(title: str, *parts: str | list[str]) -> str:
    """Markdown of a page; lists are lines that belong together."""
    texts = ["\n".join(part) if isinstance(part, list) else part for part in parts]
    return "\n\n".join([f"# {title}", MADE, *texts]) + "\n"

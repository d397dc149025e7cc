"""What commands print: tables on a terminal, JSON elsewhere, where ``--json`` or ``DIRACX_OUTPUT_FORMAT`` says so."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from diracx_bridge.core.errors import SettingsError

Json = Annotated[bool, typer.Option("--json", help="Print JSON, also on a terminal.")]
FORMATS = ("RICH", "JSON")
PADDING = 2
TIME_WIDTH = len("2026-01-31 23:59:59")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")


def wants_json(asked: bool) -> bool:
    """Whether the answer is to be JSON: asked for, set by ``DIRACX_OUTPUT_FORMAT``, or not for a terminal."""
    if asked:
        return True
    chosen = os.environ.get("DIRACX_OUTPUT_FORMAT", "").upper()
    if chosen and chosen not in FORMATS:
        raise SettingsError(f"DIRACX_OUTPUT_FORMAT is {chosen!r}: possible are {', '.join(FORMATS)}")
    return chosen == "JSON" or (not chosen and not sys.stdout.isatty())


def print_json(value: Any) -> None:
    """``value`` as JSON on standard output."""
    typer.echo(json.dumps(value, indent=2, default=str))


def print_table(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], *, caption: str = "", numbers: Sequence[str] = ("JobID",)
) -> None:
    """Rows as a table that fits the terminal; nothing is cut. Where the headings alone don't fit: row after row."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if sum(len(name) + PADDING for name in columns) > console.width:
        for row in rows:
            print_fields({name: row.get(name) for name in columns})
            typer.echo()
        typer.echo(caption)
        return
    table = Table(box=box.SIMPLE_HEAD, caption=caption or None, caption_justify="left", pad_edge=False, show_edge=False)
    for name in columns:
        number = name in numbers
        width = max(len(name), TIME_WIDTH if rows and _is_time(rows[0].get(name)) else 0)
        table.add_column(name, overflow="fold", min_width=width, justify="right" if number else "left")
    for row in rows:
        table.add_row(*(_text(row.get(name)) for name in columns))
    console.print(table)


def terminal_width() -> int:
    """How many characters fit in a line."""
    return shutil.get_terminal_size().columns


def print_fields(values: Mapping[str, Any]) -> None:
    """One thing, a line for each of its members."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        typer.echo(f"{name:<{width}}  {_text(value)}".rstrip())


def note(text: str) -> None:
    """A line for people: on standard error, so that scripts read answers only."""
    typer.echo(text, err=True)


@contextmanager
def transfer_progress(what: str) -> Iterator[Callable[[int], None] | None]:
    """A function to tell of bytes that went over the network, shown on a terminal; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

    shown = (SpinnerColumn(), TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda size: progress.advance(task, size)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.match(value) is not None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if _is_time(value):
        return str(value[:TIME_WIDTH]).replace("T", " ")
    if isinstance(value, str):
        return value
    return json.dumps(value, default=str) if isinstance(value, Mapping | list) else str(value)

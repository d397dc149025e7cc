"""How the commands that convert show what they found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diracx_bridge.cli.cs.exit_codes import ExitCode

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.convert import Result

__all__ = ["All", "Json", "Report", "failing", "show_result"]

Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON on standard output.")]
Report = Annotated[
    Path | None, typer.Option("--report", help="Write the whole report to this file: .json, .sarif, .html, or text.")
]
All = Annotated[bool, typer.Option("--all", help="Show every finding, not ten of each code.")]

_COLOURS = {"error": typer.colors.RED, "warning": typer.colors.YELLOW, "note": typer.colors.BRIGHT_BLACK}


@contextmanager
def failing() -> Iterator[None]:
    """Errors that are raised on purpose end the command: wrong settings as wrong usage, others with what they say."""
    from diracx_bridge.core.errors import BridgeError, SettingsError

    try:
        yield
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    except BridgeError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(ExitCode.FAILED) from error


def show_result(
    result: Result, *, json: bool, everything: bool, changes: bool = False, more: Mapping[str, Any] | None = None
) -> None:
    """The findings and the summary on standard error, or all of it as JSON, with ``more``, on standard output.

    With ``changes`` those to what was published are said, too.
    """
    from diracx_bridge.cs_sync.report import as_json, finding_lines, summary

    listed = result.changes() if changes else []
    if json:
        said = {"changes": [change.as_dict() for change in listed]} if changes else {}
        typer.echo(as_json(result, **said, **(more or {})))
        return
    for finding, line in finding_lines(result, everything=everything):
        typer.secho(line, fg=_COLOURS[finding.severity], err=True)
    for change in listed:
        typer.echo(f"{change.vo or 'all VOs'}: {change.text}", err=True)
    for line in summary(result):
        if not (everything and line.endswith("--all shows them")):
            typer.echo(line, err=True)

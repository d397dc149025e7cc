"""How the commands that convert show what they found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.convert import Result

__all__ = ["All", "Json", "Report", "show_result"]

Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON on standard output.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write the whole report to this file (.json: as JSON).")]
All = Annotated[bool, typer.Option("--all", help="Show every finding, not ten of each code.")]

_COLOURS = {"error": typer.colors.RED, "warning": typer.colors.YELLOW, "note": typer.colors.BRIGHT_BLACK}


def show_result(result: Result, *, json: bool, everything: bool, more: Mapping[str, Any]) -> None:
    """The findings and the summary on standard error, or all of it as JSON, with ``more``, on standard output."""
    from diracx_bridge.cs_sync.report import as_json, finding_lines, summary

    if json:
        typer.echo(as_json(result, **more))
        return
    for finding, line in finding_lines(result, everything=everything):
        typer.secho(line, fg=_COLOURS[finding.severity], err=True)
    for line in summary(result):
        if not (everything and line.endswith("--all shows them")):
            typer.echo(line, err=True)

"""`diracx-bridge cs convert`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diracx_bridge.cli.cs.exit_codes import ExitCode
from diracx_bridge.cli.cs.progress import Progress

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.convert import Result
    from diracx_bridge.cs_sync.publisher import Published


class Compat(StrEnum):
    """Converters that can be imitated."""

    UPSTREAM_0_7_0 = "upstream-0.7.0"


_COLOURS = {"error": typer.colors.RED, "warning": typer.colors.YELLOW, "note": typer.colors.BRIGHT_BLACK}


def convert(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="The legacy configuration (a CFG file or a csbackup archive), or - .")
    ],
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW", help="The YAML file, a git repository or git+file:// URL to commit to, or - to print it."
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON on standard output.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse a file with errors.")] = False,
    compat: Annotated[
        Compat | None,
        typer.Option("--compat", help="Make the bytes that this converter makes, and fail where it fails."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write the whole report to this file (.json: as JSON).")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every finding, not ten of each code.")] = False,
    git: Annotated[
        bool, typer.Option("--git", help="NEW is a git repository; it is made if it does not exist.")
    ] = False,
    branch: Annotated[
        str | None, typer.Option("--branch", help="The branch to commit to.", show_default="master")
    ] = None,
) -> None:
    """Convert the legacy configuration OLD into the typed one of DiracX.

    Findings go to standard error, one per line. NEW is written at once or not at all.

    A repository gets a commit only if the content changed.

    Exit codes: 0 converted, or nothing had changed; 1 refused; 2 wrong usage; 3 a file could not be read or written.
    """
    from dataclasses import asdict

    from diracx_bridge.config.schema import Config
    from diracx_bridge.core.errors import BridgeError, SettingsError
    from diracx_bridge.core.extensions import load
    from diracx_bridge.cs_sync import convert as conversion
    from diracx_bridge.cs_sync.options import Options
    from diracx_bridge.cs_sync.publisher import publish
    from diracx_bridge.cs_sync.report import as_json, write_report
    from diracx_bridge.cs_sync.target import StandardOutput, parse_target

    try:
        target = parse_target(new, git=git, branch=branch)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    if json and isinstance(target, StandardOutput):
        raise typer.BadParameter("--json and NEW = - both want standard output: write the YAML to a file")
    published: Published | None = None
    try:
        with Progress() as progress:
            schema = load("diracx_bridge.config", {"config": Config})["config"]
            result = conversion.convert(
                old, Options(strict=strict, schema=schema, compat=compat.value if compat else ""), progress=progress
            )
            if not result.refused:
                progress(f"writing {new}")
                published = publish(result, target)
        if report:
            write_report(result, report)
    except BridgeError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(ExitCode.FAILED) from error
    if json:
        typer.echo(as_json(result, published=asdict(published) if published else None))
    else:
        _show(result, published, everything=everything)
    raise typer.Exit(ExitCode.REFUSED if result.refused else ExitCode.DONE)


def _show(result: Result, published: Published | None, *, everything: bool) -> None:
    from diracx_bridge.cs_sync.report import finding_lines, summary

    for finding, line in finding_lines(result, everything=everything):
        typer.secho(line, fg=_COLOURS[finding.severity], err=True)
    for line in summary(result):
        if not (everything and line.endswith("--all shows them")):
            typer.echo(line, err=True)
    if published:
        commit = f" as commit {published.commit}" if published.commit and published.changed else ""
        typer.echo(f"{'Written to' if published.changed else 'Unchanged:'} {published.where}{commit}", err=True)

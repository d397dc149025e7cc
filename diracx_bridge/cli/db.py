"""``diracx-bridge db``: create and check the databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from diracx_bridge.cli.environment import services_environment

if TYPE_CHECKING:
    from diracx_bridge.db.sql.check import Finding

app = typer.Typer(
    help="Create and check the databases that DIRACX_DB_URL_..., DIRACX_BRIDGE_DB_URL and DIRACX_OS_DB_... name.",
    no_args_is_help=True,
)


@app.command()
def init(
    names: Annotated[
        list[str] | None, typer.Argument(help="Databases, like AuthDB; default: all that are ours.")
    ] = None,
) -> None:
    """Create missing tables: of every database on SQLite; on a server, of AuthDB and BridgeDB, the others are DIRAC's.

    Without names, the index template of the job parameters in OpenSearch is made, too. What exists stays as it is.
    """
    import asyncio

    from diracx_bridge.db.setup import initialize

    for line in asyncio.run(initialize(services_environment(), names or None)):
        typer.echo(line)


@app.command()
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as a JSON array.")] = False,
) -> None:
    """Say whether the live databases have the tables, columns, keys, trigger and grants that the services need.

    Exit code 1 if something keeps the services from working, 0 otherwise. Nothing is changed.
    """
    import asyncio

    from diracx_bridge.db.setup import inspect

    findings, checked = asyncio.run(inspect(services_environment()))
    if as_json:
        _print_json(findings)
    else:
        _print_table(findings, checked)
    if any(finding.fatal for finding in findings):
        raise typer.Exit(1)


def _print_json(findings: list[Finding]) -> None:
    import json
    from dataclasses import asdict

    typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))


def _print_table(findings: list[Finding], checked: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Database", "Level", "What", "Finding", box=None, pad_edge=False)
    for finding in findings:
        table.add_row(finding.database, finding.level, finding.subject, finding.message)
    for name in checked:
        if not any(finding.fatal for finding in findings if finding.database == name):
            table.add_row(name, "ok", "", "has what the services need")
    console = Console()
    if not console.is_terminal:
        console.width = 250
    console.print(table)

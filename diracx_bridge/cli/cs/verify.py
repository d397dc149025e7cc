"""`diracx-bridge cs verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.cs.exit_codes import ExitCode


def verify(
    text: Annotated[Path, typer.Argument(metavar="CFG", help="The legacy configuration that is to be committed.")],
    ignored: Annotated[
        Path | None, typer.Argument(metavar="NEW", help="Not written: for callers of the official command.")
    ] = None,
    at: Annotated[
        str, typer.Option("--at", help="Where the daemon listens: HOST:PORT or a socket file.")
    ] = "/run/diracx-bridge/cs-sync.sock",
    block: Annotated[bool, typer.Option("--block", help="End with an error if there are new errors.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Say what a change of the legacy configuration would bring in, as a running `cs sync --daemon` sees it.

    What was wrong before is not told again. Without --block it never keeps anybody from committing.
    """
    from json import dumps

    from diracx_bridge.core.errors import BridgeError, SettingsError
    from diracx_bridge.cs_sync.follow.ask import as_text, ask, parse_address

    try:
        address = parse_address(at)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    try:
        answer = ask(address, text.read_bytes())
    except (BridgeError, OSError) as error:
        typer.echo(f"Not verified: {error}", err=True)
        raise typer.Exit(ExitCode.FAILED if block else ExitCode.DONE) from error
    if json:
        typer.echo(dumps(answer, indent=2, ensure_ascii=False))
    refused = block and not answer["ok"]
    said = as_text(answer)
    if said and not json:
        # DIRAC shows what follows this word on standard error, and otherwise standard output
        typer.echo(f"ValidationError: {said}" if refused else said, err=refused)
    raise typer.Exit(ExitCode.REFUSED if refused else ExitCode.DONE)

"""``diracx-bridge lollygag``."""

from __future__ import annotations

import typer

from diracx_bridge.cli.output import Json, print_json, wants_json

app = typer.Typer(help="Lollygag.", no_args_is_help=True)


@app.callback()
def _lollygag() -> None:
    pass


@app.command()
def greet(times: int = 1, json: Json = False) -> None:
    """Be greeted."""
    from diracx_bridge.client import SyncDiracxClient

    with SyncDiracxClient() as client:
        said = client.lollygag.greet(times)
    print_json(vars(said)) if wants_json(json) else typer.echo(said.greeting)

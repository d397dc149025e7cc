"""``diracx-bridge``: the groups of commands, ours and those of extensions."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from diracx_bridge.cli import cs, db, demo, keys, serve

app = typer.Typer(
    name="diracx-bridge",
    help="Move a running DIRAC installation to DiracX, one call at a time.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(cs.app, name="cs")
app.add_typer(db.app, name="db")
app.add_typer(keys.app, name="keys")
app.command(name="demo")(demo.demo)
app.command(name="serve")(serve.serve)


def _show_version(wanted: bool) -> None:
    if wanted:
        from diracx_bridge import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; errors that are raised on purpose are one line on standard error and exit code 1."""
    from diracx_bridge.core.errors import BridgeError

    _add_extensions()
    try:
        app()
    except BridgeError as error:
        if "--debug" in sys.argv:
            raise
        typer.echo(f"diracx-bridge: {error}", err=True)
        sys.exit(1)


def _add_extensions() -> None:
    """Commands of other packages: entry points of the group ``diracx_bridge.cli``, each a Typer app."""
    from importlib.metadata import entry_points

    for point in entry_points(group="diracx_bridge.cli"):
        app.add_typer(point.load(), name=point.name)

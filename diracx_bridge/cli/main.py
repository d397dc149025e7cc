"""``diracx-bridge``: the groups of commands, ours and those of extensions."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from diracx_bridge.cli import adapters, auth, cs, db, demo, doctor, jobs, keys, sandboxes, serve, session

app = typer.Typer(
    name="diracx-bridge",
    help="Move a running DIRAC installation to DiracX, one call at a time.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(session.login)
app.command()(session.logout)
app.command()(session.whoami)
app.command()(session.config)
app.add_typer(jobs.app, name="jobs")
app.add_typer(adapters.app, name="adapters")
app.add_typer(cs.app, name="cs")
app.add_typer(db.app, name="db")
app.add_typer(keys.app, name="keys")
app.add_typer(sandboxes.app, name="sandboxes")
app.add_typer(auth.app, name="auth")
app.command(name="demo")(demo.demo)
app.command(name="doctor")(doctor.doctor)
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
    """Run the command line. An error is one line on standard error and an exit code, with ``--debug`` a traceback."""
    from diracx_bridge.core.errors import BridgeError

    debug = "--debug" in sys.argv
    try:
        _add_extensions()
        app()
    except BridgeError as error:
        if debug:
            raise
        from diracx_bridge.cli.failures import exit_code, explanation

        typer.echo(f"diracx-bridge: {explanation(error)}", err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: no second error at the end
        sys.exit(1)
    except OSError as error:  # no room, a file that can't be read
        if debug:
            raise
        typer.echo(f"diracx-bridge: {error}", err=True)
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        text = f"a defect of the command: {type(error).__name__}: {error}"
        typer.echo(f"diracx-bridge: {text} (please report it with the output of --debug)", err=True)
        sys.exit(1)


def _add_extensions() -> None:
    """Commands of other packages: entry points of the group ``diracx_bridge.cli``, each a Typer app."""
    from importlib.metadata import entry_points

    for point in entry_points(group="diracx_bridge.cli"):
        app.add_typer(point.load(), name=point.name)

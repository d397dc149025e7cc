"""``diracx-bridge auth``: for administrators of tokens. One file per command."""

from __future__ import annotations

import typer

from diracx_bridge.cli.auth.cleanup import cleanup
from diracx_bridge.cli.auth.exchange_key import exchange_key

__all__ = ["app"]

app = typer.Typer(
    name="auth",
    help="Look after tokens: those that were issued, and the key with which DIRAC gets them.",
    no_args_is_help=True,
)


@app.callback()
def auth() -> None:
    """Look after tokens: those that were issued, and the key with which DIRAC gets them."""


for command in (cleanup, exchange_key):
    app.command()(command)

"""``diracx-bridge auth``: for administrators of tokens. One file per command."""

from __future__ import annotations

import typer

from diracx_bridge.cli.auth.cleanup import cleanup
from diracx_bridge.cli.auth.exchange_key import exchange_key
from diracx_bridge.cli.auth.revoke import revoke
from diracx_bridge.cli.auth.tokens import tokens

__all__ = ["app"]

app = typer.Typer(
    name="auth",
    help="Look after tokens: those that were issued, and the key with which DIRAC gets them.",
    no_args_is_help=True,
)


@app.callback()
def auth() -> None:
    """Look after tokens: those that were issued, and the key with which DIRAC gets them."""


for command in (cleanup, exchange_key, revoke, tokens):
    app.command()(command)

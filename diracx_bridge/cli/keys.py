"""``diracx-bridge keys``: the keys that sign tokens."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Make and rotate the keys that sign tokens.", no_args_is_help=True)


class Kind(StrEnum):
    """Kinds of signing keys."""

    ED25519 = "Ed25519"
    RSA = "RSA"


File = Annotated[Path, typer.Argument(help="The key store, a JSON Web Key Set (readable by its owner only).")]
KeyKind = Annotated[Kind, typer.Option(help="Kind of the new key.")]


@app.command()
def create(file: File, kind: KeyKind = Kind.ED25519) -> None:
    """Make a new key store. An existing one is never overwritten."""
    from diracx_bridge.services.auth import keys

    typer.echo(f"Created {file} with key {keys.create(file, kind.value)}")


@app.command()
def rotate(file: File, kind: KeyKind = Kind.ED25519) -> None:
    """Add a new signing key in front; tokens signed with the former keys stay good. Restart the services afterwards."""
    from diracx_bridge.services.auth import keys

    typer.echo(f"New tokens are signed with key {keys.rotate(file, kind.value)}, once the services are restarted")

"""``diracx-bridge keys``: the keys that sign tokens."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.output import Json, print_json, print_table, wants_json

app = typer.Typer(help="Make, rotate and remove the keys that sign tokens.", no_args_is_help=True)


class Kind(StrEnum):
    """Kinds of signing keys."""

    ED25519 = "Ed25519"
    RSA = "RSA"


File = Annotated[Path, typer.Argument(help="The key store, a JSON Web Key Set (readable by its owner only).")]
Kid = Annotated[str, typer.Argument(help="The id of the key, as `diracx-bridge keys list` shows it.")]
KeyKind = Annotated[Kind, typer.Option(help="Kind of the new key.")]


@app.command()
def create(file: File, kind: KeyKind = Kind.ED25519) -> None:
    """Make a new key store. An existing one is never overwritten."""
    from diracx_bridge.services.auth import keys

    typer.echo(f"Created {file} with key {keys.create(file, kind.value)}")


@app.command()
def rotate(file: File, kind: KeyKind = Kind.ED25519) -> None:
    """Add a new signing key in front; tokens of the former keys stay good. Services take it over in seconds."""
    from diracx_bridge.services.auth import keys

    kid = keys.rotate(file, kind.value)
    typer.echo(f"New tokens are signed with key {kid}; services that read {file} take it over within seconds")


@app.command()
def add(file: File, kind: KeyKind = Kind.ED25519) -> None:
    """Add a key that does not sign yet: for instances that get the file at different times. Activate it later."""
    from diracx_bridge.services.auth import keys

    kid = keys.add(file, kind.value)
    typer.echo(f"Added key {kid}. When every instance has the file: diracx-bridge keys activate {file} {kid}")


@app.command()
def activate(file: File, kid: Kid) -> None:
    """Sign with a key that is in the store already; tokens of the others stay good."""
    from diracx_bridge.services.auth import keys

    keys.activate(file, kid)
    typer.echo(f"New tokens are signed with key {kid}; services that read {file} take it over within seconds")


@app.command(name="list")
def list_(file: File, as_json: Json = False) -> None:
    """Show the keys, without their secrets: which one signs, and when each was made."""
    from diracx_bridge.services.auth import keys

    found = keys.describe(file)
    if wants_json(as_json):
        print_json([key._asdict() for key in found])
        return
    rows = [{**key._asdict(), "use": "signs and checks" if key.signs else "checks"} for key in found]
    print_table(("kid", "alg", "use", "made"), rows)


@app.command()
def delete(file: File, kid: Kid) -> None:
    """Remove a key that does not sign any more. Tokens signed with it are refused from then on."""
    from diracx_bridge.services.auth import keys

    keys.delete(file, kid)
    typer.echo(f"Removed key {kid} from {file}")

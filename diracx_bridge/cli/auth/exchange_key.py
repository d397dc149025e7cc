"""``diracx-bridge auth exchange-key``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.output import note, print_json

SETTING = "DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY"
FOR_DIRAC = (
    "For DIRAC: into the local dirac.cfg of the hosts that run the ProxyManager, readable by DIRAC's user only. Never "
    "into the CS, which every client reads: who has this key gets tokens of any user."
)
FOR_THE_SERVICES = "For the services: into their environment, then restart them."


def exchange_key(
    secret_file: Annotated[
        Path | None,
        typer.Option(
            help="Write the secret into this new file (0600), as a section of a dirac.cfg, and don't show it."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print secret and hash as JSON, without explanations.")
    ] = False,
) -> None:
    """Make the key with which DIRAC gets tokens for its users: a secret for DIRAC, its hash for the services.

    Nothing is kept: without --secret-file the secret is shown once. Run it again for another key.
    """
    from diracx_bridge.services.auth.exchange_key import new_exchange_key, write_secret

    key = new_exchange_key()
    if secret_file is not None:
        write_secret(secret_file, key.secret)
    if as_json:
        shown = {"secret_file": str(secret_file)} if secret_file else {"secret": key.secret}
        print_json({**shown, "hash": key.hashed})
        return
    note(FOR_DIRAC)
    if secret_file is None:
        typer.echo(f"DiracX\n{{\n  LegacyExchangeApiKey = {key.secret}\n}}")
    else:
        typer.echo(f"The section is in {secret_file}")
    note(FOR_THE_SERVICES)
    typer.echo(f"{SETTING}={key.hashed}")

"""``diracx-bridge doctor``: what can't work, who is affected, and what to do about it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.output import Json, note, print_json, wants_json


def doctor(
    cfg: Annotated[
        str | None, typer.Option(help="The legacy configuration (a CFG file or a csbackup archive) to look at.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="The DiracX server to look at.", show_default="DIRACX_URL")] = None,
    proxy: Annotated[
        Path | None, typer.Option(help="The proxy file to look at.", show_default="X509_USER_PROXY")
    ] = None,
    databases: Annotated[
        bool, typer.Option("--databases", help="Look at the databases that the environment of the services names.")
    ] = False,
    providers: Annotated[
        bool, typer.Option(help="Look at the identity providers that the legacy configuration names.")
    ] = True,
    json: Json = False,
) -> None:
    """Say what keeps the move to DiracX from working: each cause, who is affected, and the remedy.

    Looks at this host, and at what is given or named by the environment: configuration, identity providers, server,
    proxy, databases. Exit code 1 if there is an error, 0 if there are warnings only, or nothing.
    """
    from dataclasses import asdict

    from diracx_bridge.cli.doctor.credentials import of_credentials
    from diracx_bridge.cli.doctor.diagnosis import Diagnosis
    from diracx_bridge.cli.doctor.server import of_server

    found: list[Diagnosis] = []
    looked = ["this host"]
    server, authorities = url or os.environ.get("DIRACX_URL"), os.environ.get("DIRACX_CA_PATH")
    ca_path = Path(authorities) if authorities else None
    if cfg is not None:
        from diracx_bridge.cli.doctor.configuration import of_configuration
        from diracx_bridge.cs_sync.convert import convert

        result = convert(cfg)
        found += of_configuration(result)
        looked.append(cfg)
        if providers and result.content is not None:
            from diracx_bridge.cli.doctor.identity_provider import of_identity_providers

            found += of_identity_providers(result.content, server, ca_path)
            looked.append("its identity providers")
    if server:
        found += of_server(server, ca_path)
        looked.append(server)
    named = os.environ.get("X509_USER_PROXY")
    chosen = proxy or (Path(named) if named else None)
    official = any(diagnosis.code == "official-server" for diagnosis in found) if server else None
    found += of_credentials(chosen, official=official)
    if chosen is not None:
        looked.append(str(chosen))
    if databases:
        from diracx_bridge.cli.doctor.databases import of_databases

        found += of_databases()
        looked.append("the databases")
    found.sort(key=lambda diagnosis: diagnosis.level != "error")
    if wants_json(json):
        print_json([asdict(diagnosis) for diagnosis in found])
    else:
        for diagnosis in found:
            typer.echo(f"{diagnosis.level}: {diagnosis.affected}: {diagnosis.cause} [{diagnosis.code}]")
            typer.echo(f"    remedy: {diagnosis.remedy}")
    note(f"Looked at {', '.join(looked)}: {f'{len(found)} findings' if found else 'all well'}")
    if any(diagnosis.level == "error" for diagnosis in found):
        raise typer.Exit(1)

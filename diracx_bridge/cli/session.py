"""``diracx-bridge login``, ``logout``, ``whoami`` and ``config``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from diracx_bridge.cli.output import Json, note, print_fields, print_json, wants_json

if TYPE_CHECKING:
    from diracx_bridge.client.login import DeviceCode


def login(
    vo: Annotated[str | None, typer.Argument(metavar="[VO]", help="The VO; needed where there are several.")] = None,
    group: Annotated[str | None, typer.Option(help="The DIRAC group.", show_default="default group of the VO")] = None,
    properties: Annotated[
        list[str] | None, typer.Option("--property", help="A property to ask for; may be given again.")
    ] = None,
) -> None:
    """Log in with a browser, here or elsewhere; the token is kept where the official client keeps it."""
    from diracx_bridge.client import FixedToken, Preferences, SyncDiracxClient, write_credentials
    from diracx_bridge.client.api.runner import perform
    from diracx_bridge.client.credentials import ensure_place
    from diracx_bridge.client.login import log_in

    preferences = Preferences.from_environment()
    ensure_place(preferences.credentials_path)
    busy = sys.stderr.isatty()
    waiting = _dot if busy else _quiet
    with SyncDiracxClient(preferences=preferences, tokens=FixedToken("")) as client:
        steps = log_in(vo, group, properties or (), _show, waiting)
        credentials = perform(client, steps)
    write_credentials(preferences.credentials_path, credentials)
    note(f"{chr(10) if busy else ''}Logged in; the token is in {preferences.credentials_path}")


def logout() -> None:
    """Revoke the token and remove its file."""
    from diracx_bridge.client import FixedToken, Preferences, SyncDiracxClient
    from diracx_bridge.client.api.runner import perform
    from diracx_bridge.client.login import log_out

    preferences = Preferences.from_environment()
    with SyncDiracxClient(preferences=preferences, tokens=FixedToken("")) as client:
        done = perform(client, log_out(preferences.credentials_path))
    note("Logged out" if done else f"You were not logged in: there is no {preferences.credentials_path}")


def whoami(json: Json = False) -> None:
    """Show who you are to the server, and what your group may do."""
    from diracx_bridge.client import SyncDiracxClient

    with SyncDiracxClient() as client:
        answer = client.request("GET", "/api/auth/userinfo").json()
    if wants_json(json):
        print_json(answer)
        return
    shown = {"user": "preferred_username", "VO": "vo", "group": "dirac_group", "subject": "sub"}
    properties = ", ".join(answer["properties"])
    print_fields({**{name: answer[key] for name, key in shown.items()}, "properties": properties})


def config() -> None:
    """Print the configuration of the installation as JSON."""
    from diracx_bridge.client import SyncDiracxClient

    with SyncDiracxClient() as client:
        print_json(client.request("GET", "/api/config/").json())


def _show(device: DeviceCode) -> None:
    minutes = device.expires_in // 60
    note(f"Open this page within {minutes} minutes and agree there:\n\n    {device.url}\n")
    note(f"(or {device.verification_uri} with the code {device.user_code})")


def _dot() -> None:
    typer.echo(".", nl=False, err=True)


def _quiet() -> None:
    pass

"""``diracx-bridge demo``: the main job on an installation that needs nothing but Python."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Annotated

import typer


def demo(
    directory: Annotated[
        Path, typer.Option(help="Where the installation is made and kept; it is used again next time.")
    ] = Path("demo-installation"),
    cfg: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The legacy configuration to start from.")
    ] = Path("examples/dirac.cfg"),
    port: Annotated[int, typer.Option(help="Loopback port of the service; 0 picks a free one.")] = 0,
    leave: Annotated[bool, typer.Option("--exit", help="End after the calls instead of serving on.")] = False,
) -> None:
    """Convert a dirac.cfg, start the service on SQLite, and do legacy JobStateUpdate calls through the DiracX API.

    Afterwards the service goes on until Ctrl-C. Exit code 0 if every call did what it should.
    """
    from diracx_bridge.cli.demo.installation import DemoInstallation
    from diracx_bridge.cli.demo.server import serving
    from diracx_bridge.cli.demo.story import tell, what_next
    from diracx_bridge.services.logs import configure

    configure("WARNING", "text")
    installation = DemoInstallation.prepare(directory.absolute(), cfg, typer.echo)
    with serving(installation.settings, port) as url:
        right = tell(installation, url, typer.echo)
        if leave:
            raise typer.Exit(0 if right else 1)
        # scripts start what runs in the background with the signal ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
        what_next(installation, url, typer.echo)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            typer.echo(f"\nThe service ends; the installation stays in {directory}")

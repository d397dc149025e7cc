"""`diracx-bridge cs`: the legacy configuration and its typed form. One file per command."""

from __future__ import annotations

import typer

from diracx_bridge.cli.cs.anonymize import anonymize
from diracx_bridge.cli.cs.check import check
from diracx_bridge.cli.cs.convert import convert
from diracx_bridge.cli.cs.diff import diff
from diracx_bridge.cli.cs.explain import explain
from diracx_bridge.cli.cs.findings import findings
from diracx_bridge.cli.cs.history import history
from diracx_bridge.cli.cs.rules import rules
from diracx_bridge.cli.cs.sync import PREFIX, sync
from diracx_bridge.cli.cs.verify import verify

__all__ = ["app"]

app = typer.Typer(
    name="cs", help="Convert, explain and follow the legacy configuration of DIRAC.", no_args_is_help=True
)


@app.callback()
def cs() -> None:
    """Convert, explain and follow the legacy configuration of DIRAC."""
    import gc

    gc.disable()  # a command ends soon; until then, looking through a million objects again and again would take longer


for command in (convert, check, explain, diff, anonymize, findings, rules, history, verify):
    app.command()(command)
app.command(context_settings={"auto_envvar_prefix": PREFIX})(sync)

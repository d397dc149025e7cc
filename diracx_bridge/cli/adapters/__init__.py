"""``diracx-bridge adapters``: move legacy services to DiracX, stage by stage."""

from __future__ import annotations

import typer

from diracx_bridge.cli.adapters import evidence, routing

app = typer.Typer(help="Move legacy services to DiracX, stage by stage, and see what that does.", no_args_is_help=True)
app.command()(routing.status)
app.command()(evidence.plan)
app.command(name="set-stage")(routing.set_stage)
app.command()(routing.rollback)
app.command()(evidence.report)
app.command()(evidence.mismatches)
app.command()(evidence.replay)
app.command()(evidence.coverage)

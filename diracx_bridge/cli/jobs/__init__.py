"""``diracx-bridge jobs``: what users do with their jobs."""

from __future__ import annotations

import typer

from diracx_bridge.cli.jobs import act, look, sandbox, submit

app = typer.Typer(help="Submit jobs, look at them, stop them.", no_args_is_help=True)
app.command()(submit.submit)
app.command()(look.search)
app.command()(look.summary)
app.command()(look.status)
app.command()(look.log)
app.command()(look.parameters)
app.command()(look.jdl)
app.command()(act.kill)
app.command()(act.delete)
app.command()(act.reschedule)
app.command()(act.wait)
app.add_typer(sandbox.app, name="sandbox")

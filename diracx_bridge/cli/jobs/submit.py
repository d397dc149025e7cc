"""``diracx-bridge jobs submit``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.output import Json, print_json, print_table, wants_json
from diracx_bridge.cli.submitted_jdl import with_input_files, without_comments


def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="JDL files; - is standard input.")],
    json: Json = False,
) -> None:
    """Submit jobs, one for each JDL file, or as many as a parametric JDL says.

    Files of the InputSandbox are sent along. Lines that begin with # are comments.
    """
    from diracx_bridge.client import Jobs, Sandboxes, SyncDiracxClient

    texts = [without_comments(_text(file)) for file in files]
    with SyncDiracxClient() as client:
        sandboxes = Sandboxes(client)
        made = Jobs(client).submit([with_input_files(text, sandboxes) for text in texts])
    if wants_json(json):
        print_json(made)
        return
    print_table(("JobID", "Status", "MinorStatus"), made, caption=f"{len(made)} jobs submitted")


def _text(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} can't be read: {error}", param_hint="FILE") from None

"""``diracx-bridge jobs submit``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.output import Json, print_json, print_table, wants_json


def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="JDL files; - is standard input.")],
    json: Json = False,
) -> None:
    """Submit jobs, one for each JDL file, or as many as a parametric JDL says."""
    from diracx_bridge.client import Jobs

    made = Jobs().submit([_text(file) for file in files])
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

"""`diracx-bridge cs diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from diracx_bridge.cli.cs.choices import Setup, make_options
from diracx_bridge.cli.cs.exit_codes import ExitCode
from diracx_bridge.cli.cs.output import failing
from diracx_bridge.cli.cs.progress import Progress

_SIDE = "A CFG file or csbackup archive (it is converted), a YAML file, a repository or its URL, or - ."


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_SIDE)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_SIDE)],
    json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON on standard output.")] = False,
    yaml: Annotated[bool, typer.Option("--yaml", help="Print the lines of YAML that differ instead.")] = False,
    setup: Setup = "",
) -> None:
    """Say what is different between two configurations, VO by VO, whatever their form.

    The exit code is 0 when nothing is, and 4 when something is.
    """
    from difflib import unified_diff
    from json import dumps

    from diracx_bridge.cs_sync.changes import typed_diff
    from diracx_bridge.cs_sync.sides import read_side
    from diracx_bridge.cs_sync.yaml_text import to_yaml

    with failing(), Progress() as progress:
        options = make_options(setup=setup)
        before, after = (read_side(side, options, progress) for side in (old, new))
    for side, found in ((old, before), (new, after)):
        if found is None:
            typer.secho(f"{side} is refused: `diracx-bridge cs check {side}` says why", fg=typer.colors.RED, err=True)
    if before is None or after is None:
        raise typer.Exit(ExitCode.REFUSED)
    changes = typed_diff(before, after)
    if json:
        typer.echo(dumps([change.as_dict() for change in changes], indent=2, ensure_ascii=False))
    elif yaml:
        left, right = (to_yaml(side).decode().splitlines(keepends=True) for side in (before, after))
        typer.echo("".join(unified_diff(left, right, old, new)), nl=False)
    else:
        for change in changes:
            typer.echo(f"{change.vo or 'all VOs'}: {change.text}")
    raise typer.Exit(ExitCode.CHANGED if changes else ExitCode.DONE)

"""`diracx-bridge cs findings`."""

from __future__ import annotations

from typing import Annotated

import typer


def findings(
    codes: Annotated[list[str] | None, typer.Argument(metavar="[CODE...]", help="Only these.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Print what can be found: code, severity, effect, meaning, remedy, and what a policy may choose."""
    from json import dumps

    from diracx_bridge.cs_sync.finding_kinds import KINDS
    from diracx_bridge.cs_sync.policy import choices_of

    unknown = [code for code in codes or () if code not in KINDS]
    if unknown:
        raise typer.BadParameter(f"there is no finding {', '.join(unknown)}")
    wanted = [kind for kind in KINDS.values() if not codes or kind.code in codes]
    if json:
        listed = [
            {
                "code": kind.code,
                "severity": kind.severity,
                "effect": kind.effect,
                "meaning": kind.meaning,
                "remedy": kind.remedy,
                "choices": choices_of(kind.code),
            }
            for kind in wanted
        ]
        typer.echo(dumps(listed, indent=2))
        return
    for kind in wanted:
        typer.echo(f"{kind.code} ({kind.severity}): {kind.meaning}")
        typer.echo(f"    effect: {kind.effect}; a policy may choose {', '.join(choices_of(kind.code))}")
        if kind.remedy:
            typer.echo(f"    {kind.remedy}")

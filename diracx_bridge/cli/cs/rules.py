"""`diracx-bridge cs rules`."""

from __future__ import annotations

from typing import Annotated

import typer


def rules(json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """Print the conversion rules: legacy path, action, typed path, type, reason."""
    from dataclasses import asdict
    from json import dumps

    from diracx_bridge.cs_sync.rules import RULES

    if json:
        typer.echo(dumps([asdict(rule) for rule in RULES], indent=2))
        return
    width = max(len(rule.pattern) for rule in RULES)
    for rule in RULES:
        what = f"{rule.target} ({rule.type})" if rule.type else rule.target or rule.reason
        typer.echo(f"{rule.pattern:{width}}  {rule.action:8} {what}")

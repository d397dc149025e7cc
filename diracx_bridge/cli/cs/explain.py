"""`diracx-bridge cs explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from diracx_bridge.cli.cs.choices import Merge, Old, PolicyChoices, PolicyFile, Setup, make_options
from diracx_bridge.cli.cs.exit_codes import ExitCode
from diracx_bridge.cli.cs.output import Json, failing
from diracx_bridge.cli.cs.progress import Progress

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.explain import Explanation


def explain(
    old: Old,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...", help="Legacy paths (/Registry/Users/alice) or typed ones (Registry/lab/Users)."
        ),
    ],
    json: Json = False,
    merge: Merge = None,
    setup: Setup = "",
    policy: PolicyChoices = None,
    policy_file: PolicyFile = None,
) -> None:
    """Say what became of a legacy path of OLD, or where a typed path comes from.

    Legacy paths start with a slash. File, line, committer, rule and findings are given; secrets are not shown.

    The exit code is 1 when a path is in neither configuration.
    """
    from json import dumps

    from diracx_bridge.cs_sync.convert import convert
    from diracx_bridge.cs_sync.explain import explain as explain_path

    with failing(), Progress() as progress:
        options = make_options(policy=policy, policy_file=policy_file, setup=setup)
        result = convert(old, options, over=merge or (), progress=progress)
    found = [explain_path(result, path) for path in paths]
    if json:
        typer.echo(dumps([said.as_dict() for said in found], indent=2, ensure_ascii=False))
    else:
        typer.echo("\n\n".join(_text(said) for said in found))
    raise typer.Exit(ExitCode.DONE if all(said.found for said in found) else ExitCode.REFUSED)


def _text(said: Explanation) -> str:
    lines = [said.path]
    for place in said.places:
        value = f" = {place['value']}" if "value" in place else ""
        lines.append(f"  {place['file']}:{place['line']}:{place['column']}: {place['path']}{value}")
        if "committer" in place:
            lines.append(f"  committed by {place['committer']}@{place['group']} on {place['committed']}")
    lines += [f"  {line}" for line in said.lines]
    lines += [
        f"  {found.severity} {found.code} (line {found.line}): {found.message}"
        f"{f'. {found.remedy}' if found.remedy else ''}"
        for found in said.findings
    ]
    return "\n".join(lines)

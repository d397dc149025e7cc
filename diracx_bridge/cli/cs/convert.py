"""`diracx-bridge cs convert`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from diracx_bridge.cli.cs.choices import (
    MaxLoss,
    Merge,
    NoPersonalData,
    Old,
    PolicyChoices,
    PolicyFile,
    Setup,
    Strict,
    make_options,
)
from diracx_bridge.cli.cs.exit_codes import ExitCode
from diracx_bridge.cli.cs.output import All, Json, Report, failing, show_result
from diracx_bridge.cli.cs.progress import Progress

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.publisher import Published


class Compat(StrEnum):
    """Converters that can be imitated."""

    UPSTREAM_0_7_0 = "upstream-0.7.0"


def convert(
    old: Old,
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW", help="The YAML file, a git repository or git+file:// URL to commit to, or - to print it."
        ),
    ],
    json: Json = False,
    report: Report = None,
    everything: All = False,
    merge: Merge = None,
    setup: Setup = "",
    strict: Strict = False,
    policy: PolicyChoices = None,
    policy_file: PolicyFile = None,
    max_loss: MaxLoss = 20,
    no_personal_data: NoPersonalData = False,
    compat: Annotated[
        Compat | None,
        typer.Option("--compat", help="Make the bytes that this converter makes, and fail where it fails."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, and say what would change.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 4 if something was, or would be, changed.")
    ] = False,
    git: Annotated[
        bool, typer.Option("--git", help="NEW is a git repository; it is made if it does not exist.")
    ] = False,
    branch: Annotated[
        str | None, typer.Option("--branch", help="The branch to commit to.", show_default="master")
    ] = None,
) -> None:
    """Convert the legacy configuration OLD into the typed one of DiracX.

    Findings go to standard error, one per line. NEW is written at once or not at all, and only if it changes.

    Broken entries keep what NEW has for them. A file that is older, or takes away too much of NEW, is refused.
    """
    from dataclasses import asdict

    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.cs_sync import convert as conversion
    from diracx_bridge.cs_sync.published import read_published
    from diracx_bridge.cs_sync.publisher import publish
    from diracx_bridge.cs_sync.report import write_report
    from diracx_bridge.cs_sync.target import StandardOutput, parse_target

    try:
        target = parse_target(new, git=git, branch=branch)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    if compat and (merge or setup):
        raise typer.BadParameter("--compat takes one file as it is: leave out --merge and --setup")
    if json and isinstance(target, StandardOutput):
        raise typer.BadParameter("--json and NEW = - both want standard output: write the YAML to a file")
    published: Published | None = None
    with failing(), Progress() as progress:
        before = read_published(target)
        options = make_options(
            strict=strict,
            policy=policy,
            policy_file=policy_file,
            max_loss=max_loss,
            no_personal_data=no_personal_data,
            setup=setup,
            compat=compat or "",
            previous=before,
        )
        result = conversion.convert(old, options, over=merge or (), progress=progress)
        changed = result.content != before.content
        if not result.refused and not dry_run:
            progress(f"writing {new}")
            published = publish(result, target)
            changed = published.changed
        if report:
            write_report(result, report)
    show_result(
        result,
        json=json,
        everything=everything,
        changes=dry_run,
        more={"published": asdict(published) if published else None},
    )
    if published and not json:
        commit = f" as commit {published.commit}" if published.commit and published.changed else ""
        typer.echo(f"{'Written to' if published.changed else 'Unchanged:'} {published.where}{commit}", err=True)
    if result.refused:
        raise typer.Exit(ExitCode.REFUSED)
    raise typer.Exit(ExitCode.CHANGED if exit_code and changed else ExitCode.DONE)

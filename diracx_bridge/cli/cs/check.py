"""`diracx-bridge cs check`."""

from __future__ import annotations

from typing import Annotated

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


def check(
    old: Old,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="NEW", help="What is published now (a file, a repository or its URL)."),
    ] = None,
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
) -> None:
    """Say what a conversion of OLD would find, and write nothing.

    With --against the changes are listed, broken entries keep what is published, and a file that is older, or takes
    away too much, is refused.
    """
    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.cs_sync.convert import convert
    from diracx_bridge.cs_sync.previous import NOTHING
    from diracx_bridge.cs_sync.published import read_published
    from diracx_bridge.cs_sync.report import write_report
    from diracx_bridge.cs_sync.target import parse_target

    try:
        target = parse_target(against) if against else None
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    with failing(), Progress() as progress:
        options = make_options(
            strict=strict,
            policy=policy,
            policy_file=policy_file,
            max_loss=max_loss,
            no_personal_data=no_personal_data,
            setup=setup,
            previous=read_published(target) if target else NOTHING,
        )
        result = convert(old, options, over=merge or (), progress=progress)
        if report:
            write_report(result, report)
    show_result(result, json=json, everything=everything, changes=against is not None)
    raise typer.Exit(ExitCode.REFUSED if result.refused else ExitCode.DONE)

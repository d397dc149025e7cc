"""The options that all commands which convert have in common, and what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.options import Options

__all__ = [
    "MaxLoss",
    "Merge",
    "NoPersonalData",
    "Old",
    "PolicyChoices",
    "PolicyFile",
    "Setup",
    "Strict",
    "make_options",
]

Old = Annotated[
    str, typer.Argument(metavar="OLD", help="The legacy configuration (a CFG file or a csbackup archive), or - .")
]
Merge = Annotated[
    list[str] | None,
    typer.Option("--merge", metavar="FILE", help="A file laid over OLD, as DIRAC lays local ones; repeatable."),
]
Setup = Annotated[
    str,
    typer.Option(
        "--setup", metavar="NAME", help="Fold the Operations of this setup, as before DIRAC v9, into those of v9."
    ),
]

Strict = Annotated[bool, typer.Option("--strict", help="Refuse a file with errors, or with what upstream fails on.")]
PolicyChoices = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        metavar="CODE[@PATH]=CHOICE",
        help="What to do about a finding (fail, drop, keep), at paths that a pattern matches; repeatable.",
    ),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy-file", help="YAML file with choices, rules and values of the installation.")
]
MaxLoss = Annotated[
    float,
    typer.Option(
        "--max-loss", metavar="PERCENT", help="Refuse to take away more users, groups or VOs than this.", min=0, max=100
    ),
]
NoPersonalData = Annotated[bool, typer.Option("--no-personal-data", help="Leave out addresses and DNs of users.")]


def make_options(
    *,
    strict: bool = False,
    policy: list[str] | None = None,
    policy_file: Path | None = None,
    max_loss: float = 20.0,
    no_personal_data: bool = False,
    setup: str = "",
    **more: Any,
) -> Options:
    """The options of a conversion with the configuration class of the installation.

    Raises:
        typer.BadParameter: a choice that is not possible.
        SetupError: the policy file can't be read.
    """
    from diracx_bridge.config.schema import Config
    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.core.extensions import load
    from diracx_bridge.cs_sync.options import Options
    from diracx_bridge.cs_sync.policy import NO_POLICY
    from diracx_bridge.cs_sync.policy_file import parse_choice, read_policy

    try:
        chosen = read_policy(policy_file) if policy_file else NO_POLICY
        chosen = chosen.with_choices(parse_choice(text) for text in policy or ())
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    return Options(
        strict=strict,
        schema=load("diracx_bridge.config", {"config": Config})["config"],
        policy=chosen,
        max_loss=max_loss,
        personal_data=not no_personal_data,
        setup=setup,
        **more,
    )

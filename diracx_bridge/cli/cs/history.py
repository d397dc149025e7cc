"""`diracx-bridge cs history`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.cs.choices import NoPersonalData, PolicyChoices, PolicyFile, Setup, Strict, make_options
from diracx_bridge.cli.cs.exit_codes import ExitCode
from diracx_bridge.cli.cs.output import Json
from diracx_bridge.cli.cs.progress import Progress
from diracx_bridge.cli.cs.repository import (
    Branch,
    Ca,
    CaDirectory,
    Committer,
    Drift,
    DriftPolicy,
    GitUser,
    Host,
    KnownHosts,
    New,
    Proxy,
    ProxyKey,
    SigningKey,
    SshKey,
    State,
    TokenFile,
    make_login,
    make_writer,
)


def history(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="The csbackup folder of the master, or the URL of a master CS.")
    ],
    new: New,
    json: Json = False,
    strict: Strict = False,
    policy: PolicyChoices = None,
    policy_file: PolicyFile = None,
    no_personal_data: NoPersonalData = False,
    setup: Setup = "",
    branch: Branch = None,
    drift: DriftPolicy = Drift.STOP,
    state: State = None,
    token_file: TokenFile = None,
    git_user: GitUser = None,
    ssh_key: SshKey = None,
    known_hosts: KnownHosts = None,
    ca: Ca = None,
    signing_key: SigningKey = None,
    committer: Committer = None,
    proxy: Proxy = None,
    proxy_key: ProxyKey = None,
    host: Host = False,
    ca_directory: CaDirectory = None,
) -> None:
    """Make a git history out of the earlier versions of the legacy configuration, with their authors and times.

    Versions that change nothing in DiracX make no commit. An import that was interrupted goes on where it stopped.

    Do this before the first `cs sync` to the branch: versions older than what the branch has are left out.
    """
    from diracx_bridge.core.errors import BridgeError, SettingsError
    from diracx_bridge.cs_sync.follow.assemble import Grid, master_at, place_at, state_folder
    from diracx_bridge.cs_sync.follow.history import import_history, versions_of_folder, versions_of_master
    from diracx_bridge.cs_sync.follow.state import StateFolder
    from diracx_bridge.cs_sync.git.branch import open_branch
    from diracx_bridge.cs_sync.git.drift import DriftFound

    try:
        place = place_at(new, branch, make_login(git_user, token_file, ssh_key, known_hosts, ca))
        writer = make_writer(drift, committer, signing_key)
        options = make_options(
            strict=strict, policy=policy, policy_file=policy_file, no_personal_data=no_personal_data, setup=setup
        )
        master = master_at(old, Grid(proxy, proxy_key, ca_directory, host)) if "://" in old else None
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    try:
        folder = StateFolder(state or state_folder(place))
        with folder.held(), Progress() as progress:
            versions = versions_of_master(master) if master else versions_of_folder(Path(old).expanduser())
            done = import_history(versions, open_branch(place, folder.path), options, writer, progress)
    except BridgeError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(ExitCode.REFUSED if isinstance(error, DriftFound) else ExitCode.FAILED) from error
    if json:
        from json import dumps

        typer.echo(dumps(done.as_dict(), indent=2, ensure_ascii=False))
    else:
        for name, why in done.refused.items():
            typer.secho(f"{name} is left out: {why}", fg=typer.colors.YELLOW, err=True)
        typer.echo(
            f"{len(versions)} versions: {done.made} commits, {done.unchanged} without a change, "
            f"{done.earlier} published before, {len(done.refused)} left out",
            err=True,
        )
    raise typer.Exit(ExitCode.REFUSED if done.refused and not (done.made or done.unchanged) else ExitCode.DONE)

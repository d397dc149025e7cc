"""`diracx-bridge cs sync`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from diracx_bridge.cli.cs.choices import (
    MaxLoss,
    NoPersonalData,
    PolicyChoices,
    PolicyFile,
    Setup,
    Strict,
    make_options,
)
from diracx_bridge.cli.cs.exit_codes import ExitCode
from diracx_bridge.cli.cs.output import show_result
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

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.follow.once import Run
    from diracx_bridge.cs_sync.follow.sync import Taken

PREFIX = "DIRACX_BRIDGE_CS_SYNC"
"""Every option is also read from the variable ``<PREFIX>_<OPTION>``."""


def sync(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="The file of the master CS, its directory, or the https:// or dips:// URL of a CS."
        ),
    ],
    new: New,
    daemon: Annotated[bool, typer.Option("--daemon/--once", help="Follow OLD without end, or do it once.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what happened as JSON on standard output.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 4 if something was, or would be, changed.")
    ] = False,
    strict: Strict = False,
    policy: PolicyChoices = None,
    policy_file: PolicyFile = None,
    max_loss: MaxLoss = 20,
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
    interval: Annotated[
        float | None,
        typer.Option("--interval", help="Seconds between two looks.", show_default="0.1 for a file, 30 for a CS"),
    ] = None,
    safety: Annotated[float, typer.Option("--safety", help="Seconds between two thorough looks.")] = 600.0,
    listen: Annotated[
        list[str] | None,
        typer.Option("--listen", help="Address (HOST:PORT or socket file) for health, metrics, verify; repeatable."),
    ] = None,
) -> None:
    """Keep the typed configuration in a git repository equal to the legacy one.

    With --daemon, OLD is followed until the process is told to end; otherwise it is converted once.

    What can't be published is queued on disk and published later. A text that is refused changes nothing.
    """
    from diracx_bridge.core.errors import BridgeError, SettingsError
    from diracx_bridge.cs_sync.follow.ask import parse_address
    from diracx_bridge.cs_sync.follow.assemble import Grid, legacy_at, place_at, synchroniser
    from diracx_bridge.cs_sync.git.drift import DriftFound

    try:
        place = place_at(new, branch, make_login(git_user, token_file, ssh_key, known_hosts, ca))
        legacy = legacy_at(old, Grid(proxy, proxy_key, ca_directory, host))
        addresses = [parse_address(address) for address in listen or []]
        writer = make_writer(drift, committer, signing_key)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    try:
        options = make_options(
            strict=strict,
            policy=policy,
            policy_file=policy_file,
            max_loss=max_loss,
            no_personal_data=no_personal_data,
            setup=setup,
        )
        made = synchroniser(place, state, legacy, options, writer)
        if dry_run:
            from diracx_bridge.cs_sync.follow.once import rehearse

            run = rehearse(legacy, made)
        else:
            with made.folder.held():
                if daemon:
                    _with_the_allocator_of_the_system()
                    from diracx_bridge.cs_sync.follow.daemon import run_daemon

                    _log_to_standard_error()
                    pause = interval or (30.0 if "://" in old else 0.1)
                    told = _as_json if json else lambda taken: None
                    run_daemon(legacy, made, addresses, interval=pause, safety=safety, told=told)
                    return
                from diracx_bridge.cs_sync.follow.once import run_once

                run = run_once(legacy, made)
    except BridgeError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(ExitCode.REFUSED if isinstance(error, DriftFound) else ExitCode.FAILED) from error
    _show(run, json=json, rehearsed=dry_run)
    changed = ExitCode.CHANGED if exit_code and run.changed else ExitCode.DONE
    raise typer.Exit(ExitCode.REFUSED if run.refused else changed)


def _show(run: Run, *, json: bool, rehearsed: bool) -> None:
    if json:
        from json import dumps

        typer.echo(dumps(run.as_dict(), indent=2, ensure_ascii=False))
        return
    show_result(run.result, json=False, everything=False, more={})
    for path in run.differing[:50]:
        typer.echo(f"would change: {path}", err=True)
    if not run.refused:
        commit = f": commit {run.outcome.commit}" if run.outcome else ""
        typer.echo(f"{'would be ' if rehearsed else ''}{'changed' if run.changed else 'unchanged'}{commit}", err=True)


def _as_json(taken: Taken) -> None:
    """One line for each text."""
    from json import dumps

    about = {"ended": taken.ended.value, "configuration": taken.result.version()}
    typer.echo(dumps(about | {"findings": taken.result.findings.by_code()}, ensure_ascii=False))


def _with_the_allocator_of_the_system() -> None:
    """Start anew, as the same process, without Python's own allocator, unless the environment chooses one.

    Python's keeps what a large conversion leaves in pieces: with 5,000 users and 2,000 sites the idle daemon has 105 MB
    with it, and 80 MB without.
    """
    import os
    import sys

    if "PYTHONMALLOC" not in os.environ:
        environment = os.environ | {"PYTHONMALLOC": "malloc"}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606


def _log_to_standard_error() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")

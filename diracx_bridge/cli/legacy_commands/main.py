"""The entry points: one function for each command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from diracx_bridge.cli.legacy_commands.arguments import FILE, GROUP, Switch, UsageError, help_text, parse


@dataclass(frozen=True, slots=True)
class Legacy:
    """A command: its function in `commands`, its switches, what its words are, and the new command."""

    name: str
    now: str
    switches: Sequence[Switch] = ()
    words: str = "JobID ..."
    needs_words: bool = True


COMMANDS: Final = (
    Legacy("status", "jobs status", (FILE, GROUP)),
    Legacy("submit", "jobs submit", (Switch("f", "File", "value", "Add the job ids to this file"),), "JDL ..."),
    Legacy("kill", "jobs kill"),
    Legacy("delete", "jobs delete", (FILE, GROUP), needs_words=False),
    Legacy("reschedule", "jobs reschedule"),
    Legacy("logging_info", "jobs log"),
    Legacy("parameters", "jobs parameters"),
    Legacy(
        "get_output",
        "jobs sandbox download",
        (Switch("D", "Dir", "value", "Store the output in this directory"), FILE, GROUP),
        needs_words=False,
    ),
    Legacy("get_jdl", "jobs jdl", (Switch("O", "Original", "", "Get the original JDL"),)),
    Legacy("attributes", "jobs search --condition 'JobID eq ...'"),
)


def _entry(command: Legacy) -> Callable[[], None]:
    def entry() -> None:
        sys.exit(run(command, sys.argv[1:]))

    return entry


def run(command: Legacy, arguments: Sequence[str]) -> int:
    """Run a command; the exit code."""
    from diracx_bridge.cli.legacy_commands import commands
    from diracx_bridge.client import Jobs, Sandboxes, SyncDiracxClient
    from diracx_bridge.core.errors import BridgeError

    dashed = command.name.replace("_", "-")
    print(f"dirac-wms-job-{dashed} goes on as `diracx-bridge {command.now}`", file=sys.stderr)
    try:
        given = parse(arguments, command.switches, command.words)
        if command.needs_words and not (given.words or given.switches):
            raise UsageError(help_text(command.switches, command.words), 1)
        with SyncDiracxClient() as client:
            others: list[Any] = [Sandboxes(client)] if command.name == "get_output" else []
            getattr(commands, command.name)(given, Jobs(client), *others)
    except UsageError as error:
        print(error)
        return error.code
    except commands.Failed as failure:
        return failure.code
    except BridgeError as error:
        print(f"ERROR: {error}")
        return 2
    return 0


(
    status,
    submit,
    kill,
    delete,
    reschedule,
    logging_info,
    parameters,
    get_output,
    get_jdl,
    attributes,
) = map(_entry, COMMANDS)

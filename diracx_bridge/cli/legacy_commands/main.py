"""The entry points: one function for each command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from diracx_bridge.cli.legacy_commands.arguments import FILE, GROUP, Switch, UsageError, parse
from diracx_bridge.cli.legacy_commands.failed import Failed


@dataclass(frozen=True, slots=True)
class Legacy:
    """A command: its function, the module that has it, the new command, its switches, and what its words are."""

    name: str
    module: str
    now: str
    switches: Sequence[Switch] = ()
    words: str = "JobID ..."
    needs_words: bool = True


COMMANDS: Final = (
    Legacy("status", "reading", "jobs status", (FILE, GROUP), needs_words=False),
    Legacy(
        "submit",
        "submission",
        "jobs submit",
        (
            Switch("f", "File", "value", "Add the job ids to this file"),
            Switch("r", "UseJobRepo", "value", "No effect: there is no job repository any more"),
        ),
        "JDL ...",
    ),
    Legacy("kill", "acting", "jobs kill"),
    Legacy("delete", "acting", "jobs delete", (FILE, GROUP), needs_words=False),
    Legacy("reschedule", "acting", "jobs reschedule"),
    Legacy("logging_info", "reading", "jobs log"),
    Legacy("parameters", "reading", "jobs parameters"),
    Legacy(
        "get_output",
        "output",
        "jobs sandbox download",
        (Switch("D", "Dir", "value", "Store the output in this directory"), FILE, GROUP),
        needs_words=False,
    ),
    Legacy("get_jdl", "reading", "jobs jdl", (Switch("O", "Original", "", "Get the original JDL"),)),
    Legacy("attributes", "reading", "jobs search --condition 'JobID eq ...'"),
)
SANDBOXES: Final = ("submit", "get_output")
"""The commands that send or fetch files."""


def _entry(command: Legacy) -> Callable[[], None]:
    def entry() -> None:
        sys.exit(run(command, sys.argv[1:]))

    return entry


def run(command: Legacy, arguments: Sequence[str]) -> int:
    """Run a command; the exit code."""
    from diracx_bridge.core.errors import BridgeError

    dashed = command.name.replace("_", "-")
    print(f"dirac-wms-job-{dashed} goes on as `diracx-bridge {command.now}`", file=sys.stderr)
    try:
        given = parse(arguments, command.switches, command.words)
        if command.needs_words and not given.words:
            incomplete = "Error when parsing command line arguments: not all mandatory arguments are defined."
            raise UsageError(f"{incomplete}\n\n{given.help}", 1)
        from diracx_bridge.client import Jobs, Sandboxes, SyncDiracxClient

        function = getattr(import_module(f"diracx_bridge.cli.legacy_commands.{command.module}"), command.name)
        with SyncDiracxClient() as client:
            others: list[Any] = [Sandboxes(client)] if command.name in SANDBOXES else []
            function(given, Jobs(client), *others)
    except UsageError as error:
        print(error)
        return error.code
    except Failed as failure:
        return failure.code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: no second error at the end
        return 1
    except (BridgeError, OSError) as error:
        print(f"ERROR: {error}")
        return 2
    except KeyboardInterrupt:
        return 130
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

"""Every deliberate difference between a dirac-wms-job-* command of DIRAC and ours."""

from __future__ import annotations

from typing import Final

from diracx_bridge.legacy_adapters.difference import Difference

COMMANDS: Final = "dirac-wms-job-* commands"
EVERY_COMMAND: Final = "every command"

JOB_COMMANDS: Final = (
    Difference(
        "cmd-help",
        COMMANDS,
        EVERY_COMMAND,
        "Help has a description and an example.",
        "Help has usage and switches.",
        "It is shown under the same conditions, with the same exit codes; nothing reads it but people.",
    ),
    Difference(
        "cmd-configuration",
        COMMANDS,
        EVERY_COMMAND,
        "-o, -s, -c, --cfg and words that end in .cfg change the configuration; such words cause a warning.",
        "They are taken and have no effect.",
        "The commands here read no DIRAC configuration.",
    ),
    Difference(
        "cmd-standard-error",
        COMMANDS,
        EVERY_COMMAND,
        "Nothing is written there, and that a job was left out is not told.",
        "One line names the new command; others tell which jobs were left out, and why.",
        "Silence looks like success. Standard output and exit code are the same.",
    ),
    Difference(
        "cmd-logger",
        COMMANDS,
        "submit, get_output, logging_info",
        "Lines of the logger stand in the output: about proxy upload, accounting, extracted files, and S_ERROR as a "
        "dictionary.",
        "They are not printed.",
        "They are about what DIRAC does inside, which does not happen here.",
    ),
    Difference(
        "cmd-traceback",
        COMMANDS,
        "submit, reschedule, get_jdl",
        "A traceback, exit code 1: for a --File that can't be written, if some or all of the jobs can't be "
        "rescheduled, for the JDL of a job that does not exist.",
        "A line with the error, exit code 2.",
        "The caller can act on it.",
    ),
    Difference(
        "cmd-reasons",
        COMMANDS,
        "submit",
        "A JDL that is refused is an error in the words of DIRAC's checks.",
        "In those of the DiracX server, with all faults and what to do.",
        "The server checks, and DIRAC's words for most faults are only 'Invalid job JDL'.",
    ),
    Difference(
        "cmd-repository",
        COMMANDS,
        "submit",
        "-r, --UseJobRepo makes the command use the host's certificate, so it fails for users: 'No access'.",
        "No effect.",
        "DIRAC 9 has no job repository; scripts that name one still want their jobs submitted.",
    ),
    Difference(
        "cmd-ended",
        COMMANDS,
        "kill, delete",
        "A deleted job becomes Killed again; killing a job of somebody else is an error also if it has ended.",
        "A deleted job stays deleted and counts as done; a job that has ended is left out.",
        "There is nothing to stop.",
    ),
    Difference(
        "cmd-oversized",
        COMMANDS,
        "get_output",
        "An output that was too large for a sandbox is fetched from its storage element.",
        "An error that names its LFN and the command that gets it.",
        "DiracX 0.7 has no data management.",
    ),
)

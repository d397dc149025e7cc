"""What the exit code of every `diracx-bridge cs` command says: the one table."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

__all__ = ["MEANINGS", "ExitCode"]


class ExitCode(IntEnum):
    """How a command ended. Wrong usage is 2, as everywhere."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    FAILED = 3
    CHANGED = 4


MEANINGS: Final[dict[ExitCode, str]] = {
    ExitCode.DONE: "done; with `--exit-code`, and of `cs diff`: nothing has changed",
    ExitCode.REFUSED: "refused: a finding says why, and nothing was written",
    ExitCode.USAGE: "wrong usage",
    ExitCode.FAILED: "failed: a file, a repository or a server could not be read or written",
    ExitCode.CHANGED: "something has changed (or would, with `--dry-run`): only with `--exit-code`, and of `cs diff`",
}
"""Exit code -> what it means, for the reference page."""

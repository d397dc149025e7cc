"""Job descriptions as they leave this machine: without comments, and with the files that they name sent ahead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diracx_bridge.core.errors import InvalidInput

if TYPE_CHECKING:
    from diracx_bridge.client import Sandboxes

ELSEWHERE: Final = ("lfn:", "LFN:", "SB:", "%s", "%(")
"""How entries of an input sandbox begin that are no files of this machine (DIRAC's WMSClient)."""
_INPUT: Final = re.compile(r'(?<![\w.])InputSandbox\s*=\s*(\{[^}]*\}|"[^"]*"|[^;\]\s]*)')
_PARAMETERS: Final = re.compile(r"(?<![\w.])Parameters[\w.]*\s*=")


def without_comments(jdl: str) -> str:
    """``jdl`` without the lines that begin with #."""
    return "\n".join(line for line in jdl.splitlines() if not line.lstrip().startswith("#"))


def is_parametric(jdl: str) -> bool:
    """Whether ``jdl`` describes many jobs by parameters."""
    return _PARAMETERS.search(jdl) is not None


def input_files(jdl: str) -> list[str]:
    """The entries of the InputSandbox of ``jdl`` that are files of this machine."""
    found = _INPUT.search(jdl)
    return [] if found is None else [entry for entry in _entries(found[1]) if not entry.startswith(ELSEWHERE)]


def with_input_files(jdl: str, sandboxes: Sandboxes) -> str:
    """``jdl`` with the PFN of a new sandbox that holds the files of its InputSandbox.

    Raises:
        InvalidInput: one of them is not there; nothing has been sent.
    """
    found, files = _INPUT.search(jdl), input_files(jdl)
    if found is None or not files:
        return jdl
    if missing := [path for path in files if not Path(path).exists()]:
        raise InvalidInput(f"These files of the InputSandbox are not there: {', '.join(missing)}")
    pfn = sandboxes.upload(files)
    value = ",".join(f'"{entry}"' for entry in (*_entries(found[1]), pfn))
    return f"{jdl[: found.start(1)]}{{{value}}}{jdl[found.end(1) :]}"


def _entries(value: str) -> list[str]:
    if '"' in value:
        return [entry for entry in re.findall(r'"([^"]*)"', value) if entry]
    return value.strip("{}").replace(",", " ").split()

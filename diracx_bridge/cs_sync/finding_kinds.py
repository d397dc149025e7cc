"""The codes of findings: how bad each is, what becomes of the place it names, and what to do about it.

Codes are stable: scripts may rely on them. An *error* is something that DIRAC honours and DiracX will not, or a file
that can't be taken; a *warning* something that was mended or left out and deserves a look; a *note* is for the record.
``--strict`` refuses a file with errors, and with those others that upstream fails on (`policy.STRICT`).
"""

from __future__ import annotations

from typing import Final

from diracx_bridge.cs_sync.content_kinds import CONTENT
from diracx_bridge.cs_sync.kind import Effect, Kind, Severity
from diracx_bridge.cs_sync.reading_kinds import READING

__all__ = ["KINDS", "Effect", "Kind", "Severity"]

KINDS: Final[dict[str, Kind]] = {kind.code: kind for kind in (*READING, *CONTENT)}
"""Code -> kind, in the order of the reference page."""

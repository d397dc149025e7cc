"""How DIRAC's configuration spells yes and no, and what its own switch to DiracX is called."""

from __future__ import annotations

from typing import Final

TRUE: Final = frozenset({"y", "yes", "true", "1"})
"""What DIRAC reads as yes (``DIRACCommon.ConfigurationSystem``), in any case."""

FALSE: Final = frozenset({"n", "no", "f", "false", "off", "0", "none"})
"""What people write for no. DIRAC reads everything but ``TRUE`` as no, "on" and "enabled" too: these are mistakes."""

SWITCHES: Final = ("FutureClientEnabled", "LegacyClientEnabled")
"""Sections of ``/DiracX`` with the switch of each service: in DIRAC 9.1.18 and later, and before."""


def truth(text: str) -> bool | None:
    """Whether ``text`` means yes; ``None`` if it is neither yes nor no."""
    spelled = text.strip().lower()
    if spelled in TRUE:
        return True
    return False if spelled in FALSE else None

"""The switch that says whether a legacy service is served by DiracX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from diracx_bridge.core.errors import ConfigurationError

OPTIONS: Final = ("/DiracX/FutureClientEnabled/{service}", "/DiracX/LegacyClientEnabled/{service}")
"""The option of DIRAC 9.1, and its name in releases before and in DiracX's documentation."""
TRUE: Final = frozenset({"y", "yes", "true", "1"})
FALSE: Final = frozenset({"n", "no", "false", "0"})


def is_on(service: str, read: Callable[[str], str | None]) -> bool:
    """Whether the logical service (``System/Service``) is switched to DiracX; ``read`` gives an option's text or None.

    Raises:
        ConfigurationError: a value is neither yes nor no, or the two names of the option contradict each other.
    """
    said = {
        option: truth
        for template in OPTIONS
        if (truth := _truth(option := template.format(service=service), read(option))) is not None
    }
    if len(set(said.values())) > 1:
        spelled = " and ".join(f"{option} = {'yes' if truth else 'no'}" for option, truth in said.items())
        raise ConfigurationError(f"{spelled} contradict each other: remove the second one")
    return any(said.values())


def _truth(option: str, value: str | None) -> bool | None:
    text = (value or "").strip().lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    if not text:
        return None
    raise ConfigurationError(f"{option} = {value!r} is neither yes nor no: write yes (y, true, 1) or no (n, false, 0)")

"""What can be chosen about a conversion."""

from __future__ import annotations

from dataclasses import dataclass

from diracx_bridge.config.schema import Config

__all__ = ["DEFAULTS", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to convert.

    ``strict`` refuses a file with errors; ``schema`` is the configuration class of the installation; ``compat`` is
    ``upstream-0.7.0`` to make the bytes of that converter, faults included.
    """

    strict: bool = False
    schema: type[Config] = Config
    compat: str = ""


DEFAULTS = Options()
"""What is done when nothing is chosen."""

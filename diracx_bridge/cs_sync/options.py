"""What can be chosen about a conversion."""

from __future__ import annotations

from dataclasses import dataclass

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.policy import NO_POLICY, Policy
from diracx_bridge.cs_sync.previous import NOTHING, Previous

__all__ = ["DEFAULTS", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to convert.

    ``strict`` refuses a file with errors, or with what upstream fails on; ``schema`` is the configuration class of
    the installation; ``compat`` is ``upstream-0.7.0`` to make the bytes of that converter, faults included.
    ``policy`` is what the installation has decided about findings. ``previous`` is what was published last: broken
    entries keep their values from it, and a file is refused that would take away more than ``max_loss`` percent of
    its users, groups or VOs, or is older. Without ``personal_data`` addresses and DNs of users are left out.
    ``setup`` is the one whose Operations, as before DIRAC v9, are folded into those that v9 reads.
    """

    strict: bool = False
    schema: type[Config] = Config
    compat: str = ""
    policy: Policy = NO_POLICY
    previous: Previous = NOTHING
    max_loss: float = 20.0
    personal_data: bool = True
    setup: str = ""


DEFAULTS = Options()
"""What is done when nothing is chosen."""

"""What the legacy service Gridlab/Lollygag promises."""

from __future__ import annotations

from typing import Final

from diracx_bridge.legacy_adapters.contract import Argument, Method, ServiceContract

CONTRACT: Final = ServiceContract(
    "Gridlab/Lollygag",
    (
        Method(
            "greet",
            (Argument("times", (int,), 1),),
            value="a greeting",
            writes=False,
            replayable=False,
            safe_fallback=True,
        ),
    ),
)

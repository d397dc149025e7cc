"""The legacy services that this package adapts; importing it imports none of the adapters."""

from diracx_bridge.legacy_adapters.registry import Adapted

LOLLYGAG = Adapted("gridlab_bridge.lollygag_adapter")

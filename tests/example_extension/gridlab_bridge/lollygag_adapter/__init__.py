"""The adapter of the legacy service Gridlab/Lollygag, in one folder."""

from gridlab_bridge.lollygag_adapter.adapter import Adapter
from gridlab_bridge.lollygag_adapter.contract import CONTRACT

__all__ = ["CONTRACT", "Adapter"]

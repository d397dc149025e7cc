"""What the doors of one process share: the breakers and the observer."""

from __future__ import annotations

from typing import Final

from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher

dispatcher: Final = Dispatcher()
"""Carries out every call of this process."""

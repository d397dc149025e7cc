"""The configuration: typed schema, git source, snapshot."""

from __future__ import annotations

__all__ = ["Config", "ConfigSnapshot", "ConfigSource", "SourceStatus"]

from diracx_bridge.config.schema import Config
from diracx_bridge.config.snapshot import ConfigSnapshot
from diracx_bridge.config.source import ConfigSource, SourceStatus

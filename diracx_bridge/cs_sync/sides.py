"""Reads one side of a comparison, whatever its form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.convert import convert
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.published import read_published
from diracx_bridge.cs_sync.target import parse_target

__all__ = ["read_side"]

_YAML: Final = (".yml", ".yaml")


def read_side(side: str, options: Options, progress: Callable[[str], None]) -> dict[str, Any] | None:
    """The typed configuration that ``side`` holds, or that it is converted to; None if the conversion is refused.

    Raises:
        SetupError: it can't be read, or holds no configuration.
        SettingsError: it is a directory that is no repository.
    """
    target = parse_target(side)
    if not isinstance(target, Place) and Path(side).suffix not in _YAML:
        return convert(side, options, progress=progress).content
    progress(f"reading {side}")
    content = read_published(target).content
    if not content:
        raise SetupError(f"{side} holds no configuration")
    return content

"""Reads what was published last from where it was published."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml

from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.target import FileTarget, Target
from diracx_bridge.cs_sync.yaml_text import from_yaml

__all__ = ["read_published"]


def read_published(target: Target) -> Previous:
    """What ``target`` holds now; nothing if it does not exist, or holds no configuration.

    Raises:
        SetupError, Unavailable: the repository can't be opened, or does not answer.
    """
    if isinstance(target, Place):
        return _committed(target)
    if isinstance(target, FileTarget):
        try:
            return _previous(from_yaml(target.path.read_bytes()), "")
        except (OSError, ValueError, yaml.YAMLError, RecursionError):  # then it is written anew, or can't be
            return NOTHING
    return NOTHING


def _committed(place: Place) -> Previous:
    from diracx_bridge.cs_sync.git.branch import open_branch
    from diracx_bridge.cs_sync.git.change import trailers_of
    from diracx_bridge.cs_sync.git.commits import content_of

    if isinstance(place.repository, Path) and not place.repository.exists():
        return NOTHING
    with tempfile.TemporaryDirectory(prefix="diracx-bridge-") as state:
        tip = open_branch(place, Path(state)).look()
        return _previous(content_of(tip), trailers_of(tip.message).get("CS-Version", "") if tip else "")


def _previous(content: Any, version: str) -> Previous:
    return Previous(content, version) if isinstance(content, dict) else NOTHING

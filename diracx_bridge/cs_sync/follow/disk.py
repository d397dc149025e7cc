"""Writes files at once or not at all, so that a crash leaves the old one or the new one."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["forget", "read_json", "write_json"]


def write_json(path: Path, value: Any) -> None:
    """Replace ``path`` by ``value`` as JSON, readable by its owner only, and on the disk when this returns.

    Raises:
        OSError: it can't be written; the old file is as it was.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))  # `dump` is ten times slower
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    _settle(path.parent)


def read_json(path: Path) -> Any:
    """What ``path`` holds; None when it is missing, or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def forget(path: Path) -> None:
    """Remove ``path`` for good, if it is there."""
    path.unlink(missing_ok=True)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

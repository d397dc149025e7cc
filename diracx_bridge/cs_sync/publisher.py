"""Writes a converted configuration to its target, at once or not at all, and only when something changed."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.target import FileTarget, Target
from diracx_bridge.cs_sync.yaml_text import to_yaml

__all__ = ["Published", "publish"]


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: ``where``, whether anything ``changed``, and the commit if it is a repository."""

    where: str
    changed: bool
    commit: str | None = None


def publish(result: Result, target: Target) -> Published:
    """Write ``result.content`` to ``target``.

    Raises:
        SetupError: the target can't be written. It is then as it was before.
        ValueError: the result was refused.
    """
    if result.refused or result.content is None:
        raise ValueError("a refused configuration must not be published")
    if isinstance(target, Place):
        return _commit(result, target)
    text = to_yaml(result.content)
    if isinstance(target, FileTarget):
        try:
            return Published(str(target.path), _write(target.path.resolve(), text))
        except OSError as error:
            raise SetupError(f"{target.path} can't be written: {error.strerror or error}") from error
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    return Published("<stdout>", changed=True)


def _commit(result: Result, place: Place) -> Published:
    """One commit, for which a clone that is needed is thrown away; what others wrote is overwritten."""
    from diracx_bridge.cs_sync.git.branch import open_branch
    from diracx_bridge.cs_sync.git.drift import DriftPolicy
    from diracx_bridge.cs_sync.git.publish import Writer
    from diracx_bridge.cs_sync.git.publish import publish as publish_changes
    from diracx_bridge.cs_sync.provenance import change_of

    with tempfile.TemporaryDirectory(prefix="diracx-bridge-") as state:
        branch = open_branch(place, Path(state))
        outcome = publish_changes(branch, [change_of(result)], Writer(DriftPolicy.OVERWRITE))
    return Published(f"{place} ({branch.name})", bool(outcome.made), outcome.commit)


def _write(path: Path, text: bytes) -> bool:
    """Replace the file in one step, keeping its mode; whether it changed."""
    exists = path.is_file()
    if exists and path.read_bytes() == text:
        return False
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o777 if exists else 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return True


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current

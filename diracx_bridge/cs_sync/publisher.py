"""Writes a converted configuration to its target, at once or not at all, and only when something changed."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.target import FileTarget, GitTarget, Target
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
    if isinstance(target, GitTarget):
        from diracx_bridge.cs_sync.git_commit import commit

        changed, sha = commit(target, result.content, _message(result))
        return Published(f"{target.path} ({target.branch})", changed, sha)
    text = to_yaml(result.content)
    if isinstance(target, FileTarget):
        try:
            return Published(str(target.path), _write(target.path.resolve(), text))
        except OSError as error:
            raise SetupError(f"{target.path} can't be written: {error.strerror or error}") from error
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    return Published("<stdout>", changed=True)


def _message(result: Result) -> str:
    about = result.as_dict()
    version = result.version()
    title = " ".join(
        ["Convert", version.get("Name", Path(result.source.name).name), version.get("Version", "")]
    ).strip()
    trailers = {
        **{f"CS-{key}": value for key, value in version.items()},
        "CS-SHA256": result.source.digest,
        "Converted-by": about["tool"],
    }
    lines = [f"{key}: {' '.join(value.split())}" for key, value in trailers.items()]
    return f"{' '.join(title.split())}\n\n" + "\n".join(lines) + "\n"


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

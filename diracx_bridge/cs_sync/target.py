"""Where a converted configuration goes: a file, standard output, or a branch of a git repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.cs_sync.git.place import Login, Place, parse_place

__all__ = ["FileTarget", "StandardOutput", "Target", "parse_target"]


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A YAML file."""

    path: Path


@dataclass(frozen=True, slots=True)
class StandardOutput:
    """Printed."""


Target = FileTarget | Place | StandardOutput


def parse_target(new: str, *, git: bool = False, branch: str | None = None, login: Login | None = None) -> Target:
    """What ``new`` means: ``-``, a file, a git repository, or the URL of one.

    A directory is a target only if it is a repository; with ``git`` any path is taken for one, and so is
    ``user@host:path``.

    Raises:
        SettingsError: another scheme, a contradiction, or a directory that is no repository.
    """
    if new == "-" and not git:
        return StandardOutput()
    if "://" in new or git or _is_repository(Path(new).expanduser()):
        return parse_place(new if "://" in new else str(Path(new).expanduser()), branch=branch, login=login)
    path = Path(new).expanduser()
    if branch:
        raise SettingsError(f"--branch is for repositories, and {new} is none: add --git to make it one")
    if path.is_dir():
        raise SettingsError(f"{new} is a directory but no git repository: name a file in it, or add --git")
    return FileTarget(path)


def _is_repository(path: Path) -> bool:
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())

"""Where a converted configuration goes: a file, standard output, or a branch of a local git repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diracx_bridge.config.location import DEFAULT_REVISION, GitLocation
from diracx_bridge.core.errors import SettingsError

__all__ = ["FileTarget", "GitTarget", "StandardOutput", "Target", "parse_target"]


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A YAML file."""

    path: Path


@dataclass(frozen=True, slots=True)
class GitTarget:
    """``default.yml`` on ``branch`` of the repository at ``path``, which is made (bare) if it does not exist."""

    path: Path
    branch: str = DEFAULT_REVISION


@dataclass(frozen=True, slots=True)
class StandardOutput:
    """Printed."""


Target = FileTarget | GitTarget | StandardOutput


def parse_target(new: str, *, git: bool = False, branch: str | None = None) -> Target:
    """What ``new`` means: ``-``, a file, a git repository, or a URL as in ``DIRACX_CONFIG_BACKEND_URL``.

    A directory is a target only if it is a repository; with ``git`` any path is taken for one.

    Raises:
        SettingsError: another scheme, a contradiction, or a directory that is no repository.
    """
    if new == "-" and not git:
        return StandardOutput()
    if new.startswith("git+file://"):
        location = GitLocation.parse(new)
        if branch and "?" in new and branch != location.revision:
            message = f"The URL says revision={location.revision}, --branch says {branch}: leave one of them"
            raise SettingsError(message)
        return GitTarget(Path(location.repository), branch or location.revision)
    if "://" in new:
        scheme = new.partition("://")[0]
        raise SettingsError(f"Can't write to {scheme}:// URLs: give a local repository, then push it")
    path = Path(new).expanduser()
    if git or _is_repository(path):
        return GitTarget(path, branch or DEFAULT_REVISION)
    if branch:
        raise SettingsError(f"--branch is for repositories, and {new} is none: add --git to make it one")
    if path.is_dir():
        raise SettingsError(f"{new} is a directory but no git repository: name a file in it, or add --git")
    return FileTarget(path)


def _is_repository(path: Path) -> bool:
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())

"""Brings the past into git: each version of the legacy configuration becomes a commit with its true author and time."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from diracx_bridge.core.errors import BridgeError, SettingsError
from diracx_bridge.cs_sync.convert import Result, convert_source
from diracx_bridge.cs_sync.follow.master import MasterSource
from diracx_bridge.cs_sync.git.branch import Branch
from diracx_bridge.cs_sync.git.change import Change, trailers_of
from diracx_bridge.cs_sync.git.commits import content_of
from diracx_bridge.cs_sync.git.publish import Writer, publish
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.provenance import change_of
from diracx_bridge.cs_sync.source import decoded

__all__ = ["Imported", "Version", "import_history", "versions_of_folder", "versions_of_master"]

_TOGETHER: Final = 20
_TOGETHER_BYTES: Final = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the legacy configuration: who made it, and ``load`` gives its text (or archive)."""

    version: str
    committer: str
    name: str
    load: Callable[[], bytes]


@dataclass(slots=True)
class Imported:
    """What became of the versions; ``refused`` maps those that could not be taken to the reason."""

    made: int = 0
    unchanged: int = 0
    earlier: int = 0
    refused: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"made": self.made, "unchanged": self.unchanged, "earlier": self.earlier, "refused": self.refused}


def versions_of_folder(folder: Path) -> list[Version]:
    """The archives below ``folder``, such as ``csbackup``, oldest first.

    Raises:
        SettingsError: there is none.
    """
    found = []
    for archive in folder.rglob("*.zip"):
        committer, sign, version = _entry_name(archive).partition(".cfg.backup.")[2].partition("@")
        if not sign:
            committer, _, version = archive.name.removesuffix(".zip").partition(".")[2].rpartition("@")
        found.append(Version(version, committer, str(archive), archive.read_bytes))
    if not found:
        raise SettingsError(
            f"{folder} holds no archives (*.zip) of a configuration: name the csbackup folder of the master"
        )
    return sorted(found, key=lambda each: each.version)


def versions_of_master(master: MasterSource) -> list[Version]:
    """The last 100 versions that a configuration server has, oldest first."""
    return [
        Version(version, user, f"version {version}", lambda version=version: master.contents(version))  # type: ignore[misc]
        for user, version in master.history()
    ]


def import_history(
    versions: Sequence[Version],
    branch: Branch,
    options: Options,
    writer: Writer,
    progress: Callable[[str], None] = lambda stage: None,
) -> Imported:
    """Publish ``versions``, oldest first, each that changes something as a commit.

    Versions up to the one that the branch has are left out, so an import that was interrupted goes on where it
    stopped. One that can't be taken is noted and left out.

    Raises:
        DriftFound: the branch holds a configuration of others, and the policy is to stop.
        SetupError, Unavailable: the branch can't be read or written; what was published before stays.
    """
    tip = branch.look()
    trailers = trailers_of(tip.message) if tip else {}
    content = content_of(tip)
    last = Previous(content, trailers.get("CS-Version", "")) if isinstance(content, dict) else NOTHING
    done, waiting, size = Imported(), list[Change](), 0
    for number, version in enumerate(versions, 1):
        if version.version <= last.version:
            done.earlier += 1
            continue
        progress(f"version {number} of {len(versions)}: {version.version} by {version.committer}")
        try:
            data = version.load()
        except (BridgeError, OSError) as error:
            done.refused[version.name] = str(error)
            continue
        result = _converted(version, data, replace(options, previous=last, max_loss=100))
        if result.refused or result.content is None:
            done.refused[version.name] = _why(result)
        elif result.content == last.content:
            done.unchanged += 1
        else:
            waiting.append(change_of(result, committer=version.committer, entry=f"history-{version.version}"))
            last = Previous(result.content, version.version)
            size += len(data)
        if len(waiting) >= _TOGETHER or size >= _TOGETHER_BYTES:
            done.made += _published(branch, waiting, writer)
            waiting, size = [], 0
            gc.collect()
    if waiting:
        done.made += _published(branch, waiting, writer)
    return done


def _converted(version: Version, data: bytes, options: Options) -> Result:
    source, findings = decoded(version.name, data)
    findings.policy = options.policy
    return convert_source(source, findings, options)


def _published(branch: Branch, waiting: list[Change], writer: Writer) -> int:
    return len(publish(branch, waiting, replace(writer, backdated=True)).made)


def _entry_name(archive: Path) -> str:
    try:
        with zipfile.ZipFile(archive) as opened:
            return next(iter(opened.namelist()), "")
    except (zipfile.BadZipFile, OSError):
        return ""


def _why(result: Result) -> str:
    refusing: Iterator[str] = (f"line {each.line}: {each.message}" for each in result.findings if each.refuses)
    return next(refusing, "it has errors, and --strict was given")

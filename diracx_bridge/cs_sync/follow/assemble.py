"""Makes a synchroniser out of what a command line says."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.cs_sync.follow.master import MasterSource
from diracx_bridge.cs_sync.follow.rpc import Credential
from diracx_bridge.cs_sync.follow.source import FileSource, Legacy
from diracx_bridge.cs_sync.follow.state import StateFolder
from diracx_bridge.cs_sync.follow.sync import Synchroniser
from diracx_bridge.cs_sync.git.change import Person
from diracx_bridge.cs_sync.git.place import Login, Place, parse_place
from diracx_bridge.cs_sync.git.publish import Writer
from diracx_bridge.cs_sync.options import Options

__all__ = ["Grid", "legacy_at", "master_at", "parse_person", "place_at", "state_folder", "synchroniser"]

_PERSON = re.compile(r"^\s*([^<>]+?)\s*<([^<>\s]+)>\s*$")


@dataclass(frozen=True, slots=True)
class Grid:
    """What identifies us to DIRAC; None is looked for where grid software does."""

    certificate: Path | None = None
    key: Path | None = None
    authorities: Path | None = None
    host: bool = False


def legacy_at(old: str, grid: Grid) -> Legacy:
    """The source that ``old`` names: a file, a directory, or URLs of a configuration service (with commas).

    Raises:
        SettingsError: no such thing, or no credential for it.
    """
    return master_at(old, grid) if "://" in old else FileSource(Path(old).expanduser())


def master_at(urls: str, grid: Grid) -> MasterSource:
    """The configuration service at ``urls``, with commas between them.

    Raises:
        SettingsError: they are none, or there is no credential.
    """
    credential = Credential.found(grid.certificate, grid.key, grid.authorities, host=grid.host)
    return MasterSource([url.strip() for url in urls.split(",") if url.strip()], credential)


def synchroniser(place: Place, folder: Path | None, legacy: Legacy, options: Options, writer: Writer) -> Synchroniser:
    """Everything put together; ``folder`` None: see `state_folder`.

    Raises:
        SetupError: the state directory can't be made.
    """
    return Synchroniser(place, StateFolder(folder or state_folder(place)), options, writer, legacy.committer)


def state_folder(place: Place) -> Path:
    """Where the state for ``place`` is kept: what systemd gives us, else below the home directory."""
    given = os.environ.get("STATE_DIRECTORY")
    if given:
        return Path(given.partition(":")[0])
    name = sha256(f"{place} {place.branch or ''}".encode()).hexdigest()[:12]
    base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "diracx-bridge" / f"cs-sync-{name}"


def place_at(new: str, branch: str | None, login: Login) -> Place:
    """The repository that ``new`` names.

    Raises:
        SettingsError: it names none.
    """
    return parse_place(new if "://" in new else os.path.expanduser(new), branch=branch, login=login)


def parse_person(text: str) -> Person:
    """``Name <address>``.

    Raises:
        SettingsError: another form.
    """
    found = _PERSON.match(text)
    if found is None:
        raise SettingsError(f"{text!r} is nobody: write 'Name <address>'")
    return Person(found[1], found[2])

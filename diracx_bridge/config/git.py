"""Reading ``default.yml`` out of git, here or behind HTTPS, without a checkout and without a git executable.

Everything here blocks: call it in a thread.
"""

from __future__ import annotations

__all__ = ["FILE", "LocalRepository", "RemoteRepository", "Repository", "Revision", "open_repository"]

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import pygit2
from pygit2.enums import CredentialType, RepositoryOpenFlag

from diracx_bridge.config.location import GitLocation
from diracx_bridge.core.errors import SettingsError, Unavailable

FILE = "default.yml"
"""The configuration, at the top of the repository."""

_SERVED = "refs/served"
_CONNECT_SECONDS = 10
_SILENCE_SECONDS = 30

_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit and the file in it."""

    commit: str
    """Hash of the commit."""
    modified: datetime
    """Committer time, aware, whole seconds."""
    blob: str | None
    """Hash of the file; equal hashes are equal files. Null when the commit has no such file."""
    content: bytes
    """The file."""


class Repository(Protocol):
    """Where revisions come from."""

    def latest(self) -> Revision:
        """The commit at which the configured branch or tag stands now. A second look at the same commit is cheap.

        Raises:
            SettingsError: no such repository, branch, tag or commit.
            Unavailable: the repository does not answer, refuses, or is damaged.
        """
        ...


def open_repository(location: GitLocation, *, ca_path: Path | None = None) -> Repository:
    """The repository at ``location``; nothing is read yet. For ``ca_path`` see `RemoteRepository`."""
    if isinstance(location.repository, Path):
        return LocalRepository(location.repository, location.revision)
    return RemoteRepository(location, location.repository, ca_path=ca_path)


class LocalRepository:
    """A repository in the file system, bare or with a work tree (which is not looked at), whoever owns it."""

    # libgit2 knows this switch per process only. It protects those who run hooks and filters; objects are only read.
    _owner_validation = threading.Lock()

    def __init__(self, path: Path, revision: str) -> None:
        self._path = path
        self._revision = revision
        self._last: Revision | None = None

    def latest(self) -> Revision:
        """See `Repository.latest`. The directory is opened anew each time: it may have been replaced as a whole."""
        try:
            repository = self._open()
            commit = _find(repository, self._revision)
            if commit is None:
                raise SettingsError(_missing(str(self._path), self._revision, repository.references))
            if self._last is None or self._last.commit != str(commit.id):
                self._last = _read(commit)
            return self._last
        except (pygit2.GitError, KeyError) as error:
            raise Unavailable(f"The configuration repository {self._path} can't be read: {error}") from error

    def _open(self) -> pygit2.Repository:
        with self._owner_validation:
            validated = pygit2.settings.owner_validation
            pygit2.settings.owner_validation = False
            try:
                return pygit2.Repository(str(self._path), RepositoryOpenFlag.NO_SEARCH)
            except pygit2.GitError as error:
                reason = "is no git repository" if self._path.is_dir() else "does not exist or can't be entered"
                raise SettingsError(
                    f"The configuration repository {self._path} {reason} ({error}): "
                    f"make one with `git init`, commit {FILE}, or correct DIRACX_CONFIG_BACKEND_URL"
                ) from error
            finally:
                pygit2.settings.owner_validation = validated


class RemoteRepository:
    """A repository behind HTTPS.

    One look is one HTTP request as long as nothing changed. A new commit is fetched, without its history, into a
    private temporary directory that is removed again; so rewritten history is nothing special, and nothing grows.
    Proxies come from the usual environment variables, certificate authorities from ``ca_path`` (file or directory),
    else ``GIT_SSL_CAINFO``, and always from the system (``SSL_CERT_FILE``, ``SSL_CERT_DIR``). libgit2 keeps these, and
    its time-outs, per process.
    """

    def __init__(self, location: GitLocation, url: str, *, ca_path: Path | None = None) -> None:
        self._location = location
        self._url = url
        self._tip: str | None = None
        self._last: Revision | None = None
        _trust(ca_path)
        pygit2.settings.server_connect_timeout = _CONNECT_SECONDS * 1000
        pygit2.settings.server_timeout = _SILENCE_SECONDS * 1000

    def latest(self) -> Revision:
        """See `Repository.latest`."""
        if self._last and self._last.commit == self._location.revision:
            return self._last
        try:
            with TemporaryDirectory(prefix="diracx-bridge-config-") as directory:
                repository = pygit2.init_repository(directory, bare=True)
                return self._look(repository, repository.remotes.create_anonymous(self._url))
        except (pygit2.GitError, OSError) as error:
            raise Unavailable(
                f"The configuration repository {self._url} can't be read: {error}. "
                "Check host, credentials, proxy and certificate authority (GIT_SSL_CAINFO)."
            ) from error

    def _look(self, repository: pygit2.Repository, remote: pygit2.Remote) -> Revision:
        tips = {head.name: str(head.oid) for head in remote.list_heads(self._callbacks(), proxy=True) if head.name}
        revision = self._location.revision.removeprefix("origin/")
        name = next((name for name in _names(revision) if name in tips), None)
        if self._last and name and tips[name] == self._tip:
            return self._last
        commit = None
        if name:
            self._fetch(remote, [f"+{name}:{_SERVED}"], depth=1)
            self._tip = str(repository.references[_SERVED].target)
            commit = repository.references[_SERVED].peel(pygit2.Commit)
        elif _is_hash(revision):
            self._fetch(remote, ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], depth=0)
            commit = _find(repository, revision)
        if commit is None:
            raise SettingsError(_missing(self._url, revision, tips))
        self._last = _read(commit)
        return self._last

    def _fetch(self, remote: pygit2.Remote, refspecs: list[str], *, depth: int) -> None:
        remote.fetch(refspecs, callbacks=self._callbacks(), proxy=True, depth=depth)

    def _callbacks(self) -> _Login:
        return _Login(self._location)


class _Login(pygit2.RemoteCallbacks):
    """Gives the credentials of the URL once; libgit2 asks again when they were refused."""

    def __init__(self, location: GitLocation) -> None:
        super().__init__()
        self._location = location
        self._asked = False

    def credentials(self, url: str, username_from_url: str | None, allowed_types: CredentialType) -> pygit2.UserPass:
        if self._location.username is None:
            raise Unavailable(f"The configuration repository {url} asks for credentials, and its URL holds none")
        if self._asked:
            raise Unavailable(f"The configuration repository {url} refused the credentials of its URL")
        self._asked = True
        return pygit2.UserPass(self._location.username, self._location.password or "")


def _trust(ca_path: Path | None) -> None:
    chosen = ca_path or (Path(from_git) if (from_git := os.environ.get("GIT_SSL_CAINFO")) else None)
    if chosen is None:
        return
    if chosen.is_dir():
        pygit2.settings.set_ssl_cert_locations(None, str(chosen))
        return
    try:
        pygit2.settings.set_ssl_cert_locations(str(chosen), None)
    except pygit2.GitError as error:
        raise SettingsError(f"The certificate authorities in {chosen} can't be loaded: {error}") from error


def _names(revision: str) -> Iterable[str]:
    """Full names that ``revision`` may stand for, best first."""
    if revision.startswith("refs/"):
        yield revision
    yield f"refs/heads/{revision}"
    yield f"refs/tags/{revision}"
    yield f"refs/remotes/{revision}"


def _is_hash(revision: str) -> bool:
    return 7 <= len(revision) <= 40 and _HEX.issuperset(revision)


def _find(repository: pygit2.Repository, revision: str) -> pygit2.Commit | None:
    for name in _names(revision):
        if (reference := repository.references.get(name)) is not None:
            return reference.peel(pygit2.Commit)
    found = repository.get(revision) if _is_hash(revision) else None
    return None if found is None else found.peel(pygit2.Commit)


def _read(commit: pygit2.Commit) -> Revision:
    modified = datetime.fromtimestamp(commit.commit_time, UTC)
    if FILE not in commit.tree:
        return Revision(str(commit.id), modified, None, b"")
    file = commit.tree[FILE].peel(pygit2.Blob)
    return Revision(str(commit.id), modified, str(file.id), file.data)


def _missing(repository: str, revision: str, names: Iterable[str]) -> str:
    known = sorted(
        name.removeprefix("refs/heads/").removeprefix("refs/tags/")
        for name in names
        if name.startswith(("refs/heads/", "refs/tags/")) and not name.endswith("^{}")
    )
    remedy = (
        f"it has {', '.join(known[:10])}{', ...' if len(known) > 10 else ''}: add ?revision=<one of them> to "
        "DIRACX_CONFIG_BACKEND_URL"
        if known
        else f"it is empty: commit {FILE} to it"
    )
    return f"The configuration repository {repository} has no branch, tag or commit {revision!r}; {remedy}"

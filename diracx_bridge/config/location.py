"""Where the configuration is: the value of ``DIRACX_CONFIG_BACKEND_URL``."""

from __future__ import annotations

__all__ = ["DEFAULT_REVISION", "GitLocation"]

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from diracx_bridge.core.errors import SettingsError

DEFAULT_REVISION = "master"

_SETTING = "The configuration URL (DIRACX_CONFIG_BACKEND_URL)"
_FORMS = "git+file:///path/to/repository or git+https://host/repository.git, with ?revision=<branch, tag or commit>"


@dataclass(frozen=True, slots=True)
class GitLocation:
    """A git repository, here or behind HTTPS, and the revision to serve. ``str()`` and ``repr()`` hold no secret."""

    repository: Path | str
    """Directory of a repository (bare or not); or https URL without credentials."""
    revision: str = DEFAULT_REVISION
    """Branch, tag or commit."""
    username: str | None = None
    """User name that the URL held; decoded."""
    password: str | None = field(default=None, repr=False)
    """Password or token that the URL held; decoded."""

    def __str__(self) -> str:
        return f"{self.repository} at {self.revision}"

    @classmethod
    def parse(cls, url: str) -> GitLocation:
        """Read ``git+file://`` and ``git+https://`` URLs and plain paths, each with or without ``?revision=``.

        Raises:
            SettingsError: another scheme, another parameter, or no path; the message repeats no credentials.
        """
        if "://" not in url:
            path, _, query = url.partition("?")
            return cls(_directory(path), _revision(query))
        try:
            parts = urlsplit(url)
            parts.port  # noqa: B018  raises ValueError for a port that is none
        except ValueError as error:
            raise SettingsError(f"{_SETTING} can't be read ({error}): write {_FORMS}") from None
        revision = _revision(parts.query)
        if parts.fragment:
            raise SettingsError(f"{_SETTING} has a fragment (#...), which means nothing: remove it")
        if parts.scheme == "git+file":
            if parts.netloc not in ("", "localhost"):
                raise SettingsError(f"{_SETTING} names the host {parts.hostname!r}: a git+file URL has three slashes")
            return cls(_directory(unquote(parts.path)), revision)
        if parts.scheme == "git+https":
            return cls._remote(parts, revision)
        raise SettingsError(f"{_SETTING} has the scheme {parts.scheme!r}, which can't be read: use {_FORMS}")

    @classmethod
    def _remote(cls, parts: SplitResult, revision: str) -> GitLocation:
        if not parts.hostname or parts.path in ("", "/"):
            raise SettingsError(f"{_SETTING} lacks a host or a path: write {_FORMS}")
        host = parts.netloc.rpartition("@")[2]
        return cls(
            f"https://{host}{parts.path}",
            revision,
            None if parts.username is None else unquote(parts.username),
            None if parts.password is None else unquote(parts.password),
        )


def _directory(path: str) -> Path:
    if not path:
        raise SettingsError(f"{_SETTING} has no path: write {_FORMS}")
    return Path(path).absolute()


def _revision(query: str) -> str:
    parameters = parse_qsl(query, keep_blank_values=True)
    unknown = sorted({name for name, _ in parameters} - {"revision"})
    if unknown:
        raise SettingsError(
            f"{_SETTING} has the unknown parameter {', '.join(unknown)}: "
            "the branch, tag or commit to serve is named by ?revision="
        )
    values = [value for _, value in parameters]
    if len(values) > 1 or "" in values:
        raise SettingsError(f"{_SETTING} needs exactly one value in ?revision=")
    return values[0] if values else DEFAULT_REVISION

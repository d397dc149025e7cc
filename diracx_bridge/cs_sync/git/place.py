"""Where the repository is and how one logs in there. Nothing here is ever shown with a secret."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from diracx_bridge.config.location import GitLocation
from diracx_bridge.core.errors import SettingsError

__all__ = ["TOKEN_VARIABLE", "Login", "Place", "parse_place", "read_token"]

TOKEN_VARIABLE: Final = "DIRACX_BRIDGE_GIT_TOKEN"
_SCP_FORM = re.compile(r"^(?P<user>[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>(?!//).+)$")
_FORMS = "a path, git+file:///path, git+https://host/path.git, ssh://user@host/path.git or user@host:path.git"


@dataclass(frozen=True, slots=True)
class Login:
    """What identifies us to a git server; everything may be missing.

    ``token`` goes with ``user`` over HTTPS. Over SSH it is the private key in the file ``key``, else those of the SSH
    agent, else ``~/.ssh/id_*``. ``known_hosts`` replaces ``~/.ssh/known_hosts``; ``ca`` is a file or directory of
    certificate authorities.
    """

    user: str | None = None
    token: str | None = field(default=None, repr=False)
    key: Path | None = None
    passphrase: str | None = field(default=None, repr=False)
    known_hosts: Path | None = None
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A branch of a repository: a directory, or a ``https://`` or ``ssh://`` URL without credentials.

    Without ``branch`` it is ``master``, as DiracX reads, unless the repository has only ``main``.
    """

    repository: Path | str
    branch: str | None = None
    login: Login = Login()

    @property
    def remote(self) -> bool:
        """Whether it is behind a URL."""
        return isinstance(self.repository, str)

    def __str__(self) -> str:
        return str(self.repository)


def parse_place(text: str, *, branch: str | None = None, login: Login | None = None) -> Place:
    """The place that ``text`` names: a path or a URL, with ``?revision=<branch>`` as the services read it.

    User and token may stand in an ``https`` URL; they are taken out of it.

    Raises:
        SettingsError: another form, or two branches. The message repeats no credentials.
    """
    login = login or Login(token=read_token(None))
    if "://" not in text and (match := _SCP_FORM.match(text)) and not Path(text).exists():
        return Place(f"ssh://{match['user'] or ''}{match['host']}/{match['path'].lstrip('/')}", branch, login)
    scheme = text.partition("://")[0] if "://" in text else ""
    if scheme in ("ssh", "git+ssh"):
        return _ssh(text, branch, login)
    if scheme == "https":
        text = f"git+{text}"
    elif scheme not in ("", "git+file", "git+https"):
        raise SettingsError(f"The repository can't be reached by {scheme}://: give {_FORMS}")
    location = GitLocation.parse(text)
    named = location.revision if "?" in text else None
    if branch and named and branch != named:
        raise SettingsError(f"The URL says revision={named}, --branch says {branch}: leave one of them")
    if location.username or location.password:
        token = location.password or login.token
        login = Login(location.username, token, login.key, login.passphrase, login.known_hosts, login.ca)
    return Place(location.repository, branch or named, login)


def read_token(file: Path | None) -> str | None:
    """The token in ``file``, else that of the environment, if any.

    Raises:
        SettingsError: the file can't be read or is empty.
    """
    if file is None:
        return os.environ.get(TOKEN_VARIABLE) or None
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"The token file {file} can't be read: {reason}") from None
    if not token:
        raise SettingsError(f"The token file {file} is empty")
    return token


def _ssh(text: str, branch: str | None, login: Login) -> Place:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  raises ValueError for a port that is none
    except ValueError as error:
        raise SettingsError(f"The URL of the repository can't be read ({error}): give {_FORMS}") from None
    if not parts.hostname or parts.path in ("", "/"):
        raise SettingsError(f"The URL of the repository lacks a host or a path: give {_FORMS}")
    if parts.password:
        raise SettingsError("An ssh URL holds no password: name a key by --ssh-key, or use an SSH agent")
    query = parts.query
    if query and not query.startswith("revision="):
        raise SettingsError("The URL of the repository has an unknown parameter: the branch is named by ?revision=")
    named = unquote(query.removeprefix("revision=")) if query else None
    if branch and named and branch != named:
        raise SettingsError(f"The URL says revision={named}, --branch says {branch}: leave one of them")
    host = parts.hostname + (f":{parts.port}" if parts.port else "")
    user = f"{parts.username}@" if parts.username else ""
    return Place(f"ssh://{user}{host}{parts.path}", branch or named, login)

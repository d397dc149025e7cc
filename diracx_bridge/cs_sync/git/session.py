"""Talks to a git server: logs in once, checks who it is, and puts its failures into words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pygit2
from pygit2.enums import CredentialType

from diracx_bridge.core.errors import BridgeError, SettingsError, Unavailable
from diracx_bridge.cs_sync.git.place import Place

if TYPE_CHECKING:
    from pygit2.remotes import PushUpdate

__all__ = ["Moved", "Session", "failures", "prepare"]

_CONNECT_SECONDS: Final = 10
_SILENCE_SECONDS: Final = 30
_KEYS: Final = ("id_ed25519", "id_ecdsa", "id_rsa")
_NOTHING: Final = "0" * 40


class Moved(Exception):
    """Another writer moved the branch meanwhile: look again."""


def prepare(place: Place, home: Path) -> None:
    """Set what libgit2 keeps per process: time-outs, certificate authorities, and where known hosts are.

    ``home`` is a directory of ours.

    Raises:
        SettingsError: a file that the login names can't be used.
    """
    pygit2.settings.server_connect_timeout = _CONNECT_SECONDS * 1000
    pygit2.settings.server_timeout = _SILENCE_SECONDS * 1000
    login = place.login
    ca = login.ca or (Path(named) if (named := os.environ.get("GIT_SSL_CAINFO")) else None)
    if ca is not None:
        try:
            pygit2.settings.set_ssl_cert_locations(*((None, str(ca)) if ca.is_dir() else (str(ca), None)))
        except pygit2.GitError:
            raise SettingsError(f"The certificate authorities in {ca} can't be loaded") from None
    if login.key is not None and not os.access(login.key, os.R_OK):
        raise SettingsError(f"The SSH key {login.key} can't be read")
    if login.known_hosts is not None:
        if not os.access(login.known_hosts, os.R_OK):
            raise SettingsError(f"The known hosts in {login.known_hosts} can't be read")
        link = home / "home" / ".ssh" / "known_hosts"  # libgit2 looks nowhere else
        link.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        link.unlink(missing_ok=True)
        link.symlink_to(login.known_hosts.absolute())
        pygit2.settings.homedir = str(home / "home")


@contextmanager
def failures(what: str, place: Place) -> Iterator[None]:
    """Raise `Unavailable` for whatever goes wrong between us and the server while ``what`` is done."""
    try:
        yield
    except (BridgeError, Moved):
        raise
    except pygit2.GitError as error:
        reason = "its host key or certificate is not trusted" if _untrusted(error) else _safe(error, place)
        raise Unavailable(f"The repository {place} can't be {what}: {reason}. {_REMEDY}") from None


_REMEDY: Final = "Check host, credentials, known hosts and certificate authorities."


class Session(pygit2.RemoteCallbacks):
    """One connection. ``expected`` (a hash, or None for no branch) is where the branch must stand for a push."""

    def __init__(self, place: Place, *, reference: str = "", expected: str | None = None) -> None:
        super().__init__()
        self._place = place
        self._reference = reference
        self._expected = expected or _NOTHING
        self._offers = _offers(place)
        self.refused: dict[str, str] = {}
        """Reference -> why the server refused to move it."""

    def credentials(self, url: str, username_from_url: str | None, allowed_types: CredentialType) -> Any:
        """The next credential that fits; libgit2 asks again when one was refused."""
        if allowed_types & CredentialType.USERNAME and not allowed_types & CredentialType.SSH_KEY:
            return pygit2.Username(username_from_url or self._place.login.user or "git")
        for kind, offer in self._offers:
            if kind & allowed_types:
                return offer(username_from_url)
        raise Unavailable(f"The repository {self._place} refused us, or asks for credentials and none were given")

    def certificate_check(self, certificate: None, valid: bool, host: bytes) -> bool:
        """Only hosts that the known hosts or certificate authorities vouch for. (Without this, libgit2 takes any.)"""
        return valid

    def push_negotiation(self, updates: list[PushUpdate]) -> None:
        """The server compares and swaps from what it told us now: make sure that it is what we built upon."""
        for update in updates:
            if update.dst_refname == self._reference and str(update.src) != self._expected:
                raise Moved

    def push_update_reference(self, refname: str, message: str | None) -> None:
        if message is not None:
            self.refused[refname] = message


def _offers(place: Place) -> Iterator[tuple[CredentialType, Any]]:
    """Each credential once, best first."""
    login = place.login
    if str(place).startswith("https://"):
        if login.token:
            yield (
                CredentialType.USERPASS_PLAINTEXT,
                lambda user: pygit2.UserPass(user or login.user or "oauth2", login.token or ""),
            )
        return
    keys = [login.key] if login.key else [Path.home() / ".ssh" / name for name in _KEYS]
    if login.key is None and os.environ.get("SSH_AUTH_SOCK"):
        yield CredentialType.SSH_KEY, lambda user: pygit2.KeypairFromAgent(user or login.user or "git")
    for key in keys:
        if key.is_file():
            yield (
                CredentialType.SSH_KEY,
                lambda user, key=key: pygit2.Keypair(
                    user or login.user or "git", None, str(key), login.passphrase or ""
                ),
            )


def _untrusted(error: pygit2.GitError) -> bool:
    return type(error).__name__ == "CertificateError" or "certificate" in str(error).lower()


def _safe(error: pygit2.GitError, place: Place) -> str:
    """What libgit2 says, in one line, with our secrets blotted out should they be in it."""
    text = " ".join(str(error).split()) or "no reason given"
    for secret in (place.login.token, place.login.passphrase):
        if secret:
            text = text.replace(secret, "***")
    return text

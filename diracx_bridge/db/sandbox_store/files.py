"""Sandboxes in a directory, for installations without S3.

The contract is that of S3: URLs which are good for one archive, one purpose and a limited time, and an archive that
appears whole, with the size and checksum that were announced, or not at all. The URLs lead to our own server
(``services/sandbox_files``); they are signed with a key that lies in the directory, so that all processes of an
installation which share the directory accept each other's.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import orjson

from diracx_bridge.core.errors import InvalidInput, PermissionDenied, SettingsError, Unavailable
from diracx_bridge.db.sandbox_store.interface import PresignedUpload

ROUTE: Final = "/api/bridge/sandbox-files"
BUCKET: Final = "sandboxes"
PART: Final = ".part"
LEFTOVER_SECONDS: Final = 86_400


class FileSandboxStore:
    """The `SandboxStore` in ``directory``, which is made, for its owner only, if it is not there.

    Raises:
        SettingsError: the directory can't be used.
    """

    def __init__(self, directory: Path, bucket: str = BUCKET, *, url_validity: int = 300) -> None:
        self.bucket = bucket
        self.url_validity = url_validity
        self._directory = directory
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._key = _signing_key(directory / "signing.key")
            _remove_leftovers(directory)
        except OSError as error:
            raise SettingsError(f"The sandbox directory {directory} can't be used: {error.strerror}") from None

    async def check(self) -> None:
        """See `SandboxStore`."""
        if not await asyncio.to_thread(os.access, self._directory, os.W_OK):
            raise Unavailable("The sandbox store can't be written to; try again.")

    def upload(self, key: str, *, checksum: str, size: int, base_url: str) -> PresignedUpload:
        """See `SandboxStore`."""
        fields = {"key": key, "checksum": checksum, "size": str(size), "expires": self._expires()}
        return PresignedUpload(base_url + ROUTE, {**fields, "signature": self._signature("upload", fields)})

    def download(self, key: str, *, base_url: str) -> str:
        """See `SandboxStore`."""
        fields = {"key": key, "expires": self._expires()}
        query = urlencode({"expires": fields["expires"], "signature": self._signature("download", fields)})
        return f"{base_url}{ROUTE}/{quote(key)}?{query}"

    async def holds(self, key: str) -> bool:
        """See `SandboxStore`."""
        return await asyncio.to_thread(self.path(key).is_file)

    async def delete(self, keys: Collection[str]) -> dict[str, str]:
        """See `SandboxStore`."""
        return await asyncio.to_thread(self._delete, keys)

    async def close(self) -> None:
        """See `SandboxStore`."""

    def path(self, key: str) -> Path:
        """The file of an archive. Its name is a digest, so that no key leads anywhere else."""
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
        return self._directory / digest[:2] / digest

    def allowed_upload(self, fields: Mapping[str, str]) -> FileUpload:
        """The upload that the ``fields`` of a form stand for.

        Raises:
            PermissionDenied: they are not what `upload` gave, or no longer good.
        """
        signed = {name: fields.get(name, "") for name in ("key", "checksum", "size", "expires")}
        self._verify("upload", signed, fields.get("signature", ""))
        return FileUpload(self.path(signed["key"]), signed["checksum"], int(signed["size"]))

    def allowed_download(self, key: str, expires: str, signature: str) -> Path:
        """The file that a URL stands for; it may have been deleted.

        Raises:
            PermissionDenied: the URL is not what `download` gave, or no longer good.
        """
        self._verify("download", {"key": key, "expires": expires}, signature)
        return self.path(key)

    def _expires(self) -> str:
        return str(int(time.time()) + self.url_validity)

    def _signature(self, purpose: str, fields: Mapping[str, str]) -> str:
        text = orjson.dumps([purpose, *sorted(fields.items())])
        return hmac.digest(self._key, text, "sha256").hex()

    def _verify(self, purpose: str, fields: Mapping[str, str], signature: str) -> None:
        try:
            good = hmac.compare_digest(self._signature(purpose, fields).encode(), signature.encode())
        except (UnicodeEncodeError, orjson.JSONEncodeError):
            good = False
        if not good:
            raise PermissionDenied("The signature does not fit: use the URL and all fields as they were given")
        if int(fields["expires"]) < time.time():
            raise PermissionDenied("The URL has expired: ask for another one")

    def _delete(self, keys: Collection[str]) -> dict[str, str]:
        failed = {}
        for key in keys:
            try:
                self.path(key).unlink(missing_ok=True)
            except OSError as error:
                failed[key] = error.strerror or "refused"
        return failed


class FileUpload:
    """An archive that arrives piece by piece, and is checked on the way; its methods block (use a thread).

    Use it as a context manager: what was not `finish`-ed leaves nothing behind.
    """

    def __init__(self, path: Path, checksum: str, size: int) -> None:
        self._path = path
        self._checksum = checksum
        self._size = size
        self._received = 0
        self._hash = hashlib.sha256()
        self._part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{PART}")
        self._handle: int | None = None

    def __enter__(self) -> FileUpload:
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._part.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Add ``data``.

        Raises:
            InvalidInput: that is more than was announced.
            OSError: the disk is full.
        """
        self._received += len(data)
        if self._received > self._size:
            raise InvalidInput(f"EntityTooLarge: {self._size} bytes were announced, and more came")
        self._hash.update(data)
        view = memoryview(data)
        while view:
            view = view[os.write(self._open, view) :]

    def finish(self) -> None:
        """Let the archive appear; a second upload of the same archive replaces it by its like.

        Raises:
            InvalidInput: it is shorter than announced, or its checksum is another.
        """
        if self._received < self._size:
            raise InvalidInput(f"EntityTooSmall: {self._size} bytes were announced, {self._received} came")
        if not hmac.compare_digest(self._hash.hexdigest(), self._checksum):
            raise InvalidInput("BadDigest: the SHA-256 of the archive is not what was announced")
        os.fsync(self._open)
        self._part.replace(self._path)
        os.close(self._open)
        self._handle = None

    @property
    def _open(self) -> int:
        if self._handle is None:
            raise ValueError("an upload is written to within its context")
        return self._handle


def _signing_key(path: Path) -> bytes:
    """The key of the directory; the first process makes it, and it appears whole."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}{PART}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def _remove_leftovers(directory: Path) -> None:
    """Remove what uploads left that ended with their process."""
    for part in directory.glob(f"??/*{PART}"):
        try:
            if part.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                part.unlink(missing_ok=True)
        except FileNotFoundError:
            continue

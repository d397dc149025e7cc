"""The configuration service as a source: the master, or a worker of it."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import SplitResult

from diracx_bridge.core.errors import BridgeError, PermissionDenied, Unavailable
from diracx_bridge.cs_sync.follow.rpc import Credential, call, parse_url
from diracx_bridge.cs_sync.follow.source import Text

__all__ = ["MasterSource"]

MAX_TEXT: Final = 256 * 2**20


class MasterSource:
    """``urls`` are servers of one configuration; the first that answers is asked."""

    def __init__(self, urls: Sequence[str], credential: Credential) -> None:
        self._urls: list[SplitResult] = [parse_url(url) for url in urls]
        self._credential = credential
        self._version = "0"

    def look(self, *, again: bool = False) -> Text | None:
        """The text, if its version is newer than at the last look; with ``again`` in any case.

        Raises:
            PermissionDenied, Unavailable: no server gives it, or only an older one.
        """
        found = self._call("getCompressedDataIfNewer", "0" if again else self._version)
        newest = found.get("newestVersion") if isinstance(found, dict) else None
        if not isinstance(newest, str):
            raise Unavailable(f"{self._urls[0].geturl()} answers without a version")
        if newest < self._version:
            raise Unavailable(
                f"The configuration service offers version {newest}, and {self._version} was there before"
            )
        if "data" not in found:
            return None
        data = _unpacked(found["data"])
        self._version = newest
        return Text(data, self._urls[0].geturl())

    def committer(self, version: str) -> str | None:
        """As the commit history of the master says; workers have none."""
        try:
            history = self._call("getCommitHistory", 20)
        except BridgeError:
            return None  # who it was is good to know, and no reason to fail
        for entry in history if isinstance(history, list) else []:
            if isinstance(entry, list) and len(entry) == 2 and entry[1] == version:
                return str(entry[0])
        return None

    def history(self) -> list[tuple[str, str]]:
        """User and version of the last 100 commits, oldest first.

        Raises:
            PermissionDenied, Unavailable: no server gives it.
        """
        entries = self._call("getCommitHistory", 100)
        found = [(str(e[0]), str(e[1])) for e in entries if isinstance(e, list) and len(e) == 2]
        return sorted(found, key=lambda entry: entry[1])

    def contents(self, version: str) -> bytes:
        """The text of one version.

        Raises:
            PermissionDenied, Unavailable: no server gives it; ServiceAdministrator or CSAdministrator is needed.
        """
        found = self._call("getVersionContents", [version])
        if not isinstance(found, list) or len(found) != 1:
            raise Unavailable(f"The configuration service has no version {version}")
        return _unpacked(found[0])

    def _call(self, method: str, *arguments: object) -> Any:
        problems: list[BridgeError] = []
        for url in self._urls:
            try:
                return call(url, self._credential, method, *arguments)
            except (PermissionDenied, Unavailable) as error:
                problems.append(error)
        raise problems[0]


def _unpacked(data: object) -> bytes:
    try:
        packed = data if isinstance(data, bytes) else base64.b64decode(str(data), validate=True)
        inflater = zlib.decompressobj()
        text = inflater.decompress(packed, MAX_TEXT)
        if not inflater.eof:
            raise ValueError("too long, or cut")
    except (zlib.error, ValueError):
        raise Unavailable("The configuration service sent a text that can't be unpacked") from None
    return text

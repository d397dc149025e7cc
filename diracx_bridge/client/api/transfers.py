"""Files to and from object stores, by presigned URLs: streamed, without a token."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import httpx

from diracx_bridge.client.api.steps import Transfer
from diracx_bridge.core.errors import ServerRefused, Unavailable

TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
_BLOCK: Final = 2**18


def send(transfer: Transfer, trust: ssl.SSLContext | bool) -> None:
    """Post the file as the last part of the form that the URL was signed for."""
    with Path(transfer.path).open("rb") as file:
        body = _Counted(file, transfer.progress)
        with _answered("POST", transfer, trust, data=transfer.fields, files={"file": ("file", body)}):
            pass


def fetch(transfer: Transfer, trust: ssl.SSLContext | bool) -> None:
    """Write what the URL gives to the file."""
    with _answered("GET", transfer, trust) as answer, Path(transfer.path).open("wb") as file:
        for block in answer.iter_bytes(_BLOCK):
            file.write(block)
            if transfer.progress is not None:
                transfer.progress(len(block))


class _answered:
    """The answer to a request, being read; the URL, which is a secret until it expires, is in no message."""

    def __init__(self, method: str, transfer: Transfer, trust: ssl.SSLContext | bool, **body: object) -> None:
        self._client = httpx.Client(timeout=TIMEOUT, verify=trust)
        self._request = self._client.build_request(method, transfer.url, **body)  # type: ignore[arg-type]
        self._host = self._request.url.host

    def __enter__(self) -> httpx.Response:
        try:
            answer = self._client.send(self._request, stream=True)
        except httpx.TransportError as error:
            self._client.close()
            raise Unavailable(f"The sandbox store at {self._host} does not answer: {type(error).__name__}") from None
        if answer.is_success:
            return answer
        text = answer.read()[:300].decode(errors="replace")
        self._client.close()
        if answer.status_code >= 500:
            raise Unavailable(f"The sandbox store at {self._host} can't do it now ({answer.status_code})")
        raise ServerRefused(answer.status_code, f"the sandbox store at {self._host} refuses: {text}")

    def __exit__(self, *_: object) -> None:
        self._client.close()


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], progress: Callable[[int], None] | None) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        if self._progress is not None:
            self._progress(len(block))
        return block

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> bytes:
        if block := self.read(_BLOCK):
            return block
        raise StopIteration

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()

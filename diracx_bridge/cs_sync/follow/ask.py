"""Asks a running daemon what a text would bring in."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any, Final

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.cs_sync.follow.web import Address

__all__ = ["ask"]

_TIMEOUT: Final = 15.0
"""DIRAC itself waits so long for the command that verifies."""


def ask(address: Address, text: bytes) -> dict[str, Any]:
    """The answer of ``POST /verify``: see `Baseline.report`.

    Raises:
        Unavailable: nobody answers there, or with an error.
    """
    connection = _SocketConnection(address) if isinstance(address, Path) else http.client.HTTPConnection(*address)
    connection.timeout = _TIMEOUT
    try:
        connection.request("POST", "/verify", text)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unavailable(f"No synchroniser answers at {address}: {reason}") from error
    finally:
        connection.close()
    if response.status != 200 or not isinstance(answer, dict):
        detail = answer.get("detail") if isinstance(answer, dict) else "no reason given"
        raise Unavailable(f"The synchroniser at {address} can't verify: {detail}")
    return answer


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))

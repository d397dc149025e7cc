"""Asks a running daemon what a text would bring in."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any, Final

from diracx_bridge.core.errors import SettingsError, Unavailable

__all__ = ["Address", "as_text", "ask", "parse_address"]

Address = tuple[str, int] | Path
"""Host and port, or a socket file."""
_TIMEOUT: Final = 15.0
"""DIRAC itself waits so long for the command that verifies."""


def parse_address(text: str) -> Address:
    """``host:port``, ``[host]:port``, or the absolute path of a socket file.

    Raises:
        SettingsError: another form.
    """
    if text.startswith("/"):
        return Path(text)
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise SettingsError(f"The address {text!r} can't be listened on: give HOST:PORT or the path of a socket file")
    return host.strip("[]"), int(port)


def as_text(answer: dict[str, Any]) -> str:
    """An answer for people: a title and a line for each finding; empty if there is none."""
    lines = [
        f"line {said['line']}: {said['severity']} {said['code']}: {said['message']}" for said in answer["findings"]
    ]
    title = "New findings:" if answer["ok"] else "New errors:"
    if answer["refused"] and not lines:
        lines = ["none, but the text would be refused for what was there before"]
    return "\n".join([title, *lines]) if lines else ""


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

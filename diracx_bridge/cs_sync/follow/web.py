"""Answers over HTTP: is it alive, is it ready, what are its figures, and would this text be refused?

It listens on a loopback address or a socket file. The server of the standard library is enough for a request a minute,
and does not need what the services need.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from diracx_bridge.core.errors import BridgeError, SetupError
from diracx_bridge.cs_sync.follow.ask import Address, as_text
from diracx_bridge.cs_sync.follow.status import Status

__all__ = ["serving"]

MAX_TEXT: Final = 64 * 2**20
Verify = Callable[[bytes], dict[str, Any]]


@contextmanager
def serving(address: Address, status: Status, verify: Verify) -> Iterator[str]:
    """Serve meanwhile; gives the address as it is (port 0 is any).

    Raises:
        SetupError: the address can't be listened on.
    """
    try:
        server = _server(address)
    except OSError as error:
        raise SetupError(f"{_shown(address)} can't be listened on: {error.strerror or error}") from error
    server.status, server.verify = status, verify
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
    thread.start()
    try:
        yield _shown(address if isinstance(address, Path) else server.server_address[:2])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        if isinstance(address, Path):
            address.unlink(missing_ok=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    status: Status
    verify: Verify

    def server_bind(self) -> None:
        # without the look-up of our own name that the standard library does here
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", 0


class _SocketServer(_Server):
    address_family = socket.AF_UNIX
    allow_reuse_address = False

    def server_bind(self) -> None:
        mask = os.umask(0o077)  # only the owner may connect
        try:
            super().server_bind()
        finally:
            os.umask(mask)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, _ = self.socket.accept()
        return connection, ("local", 0)


class _SixServer(_Server):
    address_family = socket.AF_INET6


def _server(address: Address) -> _Server:
    if isinstance(address, Path):
        address.unlink(missing_ok=True)  # we hold the lock: whoever made it is gone
        return _SocketServer(str(address), _Handler)  # type: ignore[arg-type]
    return (_SixServer if ":" in address[0] else _Server)(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "diracx-bridge"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        status = self.server.status
        if self.path == "/healthz":
            alive = status.alive()
            self._answer(200 if alive else 503, {"alive": alive})
        elif self.path == "/readyz":
            self._answer(200 if status.ready() else 503, status.as_dict())
        elif self.path == "/metrics":
            self._send(200, "text/plain; version=0.0.4; charset=utf-8", status.text().encode())
        else:
            self._answer(404, {"detail": "There are /healthz, /readyz, /metrics, and POST /verify"})

    def do_POST(self) -> None:
        if self.path != "/verify":
            self._answer(404, {"detail": "There is POST /verify"})
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_TEXT:
            self.close_connection = True
            self._answer(413, {"detail": f"A Content-Length of at most {MAX_TEXT} is needed"})
            return
        try:
            answer = self.server.verify(self.rfile.read(int(length)))
        except BridgeError as error:
            self._answer(503, {"detail": str(error)})
            return
        if "text/plain" in self.headers.get("Accept", ""):
            self._send(200, "text/plain; charset=utf-8", as_text(answer).encode())
        else:
            self._answer(200, answer)

    def log_message(self, *_: object) -> None:
        """Requests are counted, not logged."""

    def _answer(self, code: int, value: dict[str, Any]) -> None:
        self._send(code, "application/json", json.dumps(value, ensure_ascii=False).encode())

    def _send(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _shown(address: Any) -> str:
    if isinstance(address, Path):
        return str(address)
    host, port = address
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

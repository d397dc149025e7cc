"""The service in a thread of this process, on a loopback port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from diracx_bridge.core.errors import SetupError
from diracx_bridge.core.settings import Settings
from diracx_bridge.services.app import create_app

START_SECONDS = 60
STOP_SECONDS = 30


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.listens.set()


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[str]:
    """The URL of a service with these settings, as long as the block lasts; port 0 picks a free one.

    Raises:
        SetupError: the port is taken, or the service does not start (its log says why).
    """
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        raise SetupError(f"Port {port} can't be used: {error.strerror}; choose another with --port") from None
    config = uvicorn.Config(create_app(settings), log_config=None, access_log=False, timeout_graceful_shutdown=5)
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="service", daemon=True)
    thread.start()
    try:
        while thread.is_alive() and not server.listens.wait(0.05):
            pass
        if not server.listens.is_set():
            raise SetupError("The service did not start; the lines above say why")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS)
        listener.close()

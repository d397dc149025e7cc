"""Connections that many clients of one process share: as a server needs that calls for many identities."""

from __future__ import annotations

import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpcore
import httpx

LIFE: Final = 60.0
"""Seconds for which new requests use a pool of connections; so a replica that was added gets its share soon."""
CLOSING: Final = 120.0
"""Seconds after which the connections of an old pool are closed; longer than any request takes."""


class SharedTransport(httpx.BaseTransport):
    """A transport for several ``httpx.Client`` objects and threads.

    Connections are kept for at most ``life`` seconds, and each goes to an address of the server that is picked by
    chance; one that can't be reached gives way to the next. Clients that are closed leave it open.
    """

    def __init__(
        self,
        verify: ssl.SSLContext | bool = True,
        *,
        life: float = LIFE,
        connections: int = 50,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make: Callable[[], httpx.BaseTransport] = lambda: _SpreadTransport(verify, connections)
        self._life, self._clock = life, clock
        self._lock = threading.Lock()
        self._pool: httpx.BaseTransport | None = None
        self._made = 0.0
        self._old: list[tuple[float, httpx.BaseTransport]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._current().handle_request(request)

    def close(self) -> None:
        """Nothing: others may be using the connections. See :meth:`shut`."""

    def shut(self) -> None:
        """Close all connections."""
        with self._lock:
            pools = [pool for _, pool in self._old] + ([self._pool] if self._pool else [])
            self._old, self._pool = [], None
        for pool in pools:
            pool.close()

    def _current(self) -> httpx.BaseTransport:
        with self._lock:
            now = self._clock()
            if self._pool is not None and now - self._made >= self._life:
                self._old.append((now, self._pool))
                self._pool = None
            if self._pool is None:
                self._pool, self._made = self._make(), now
            done = [pool for left, pool in self._old if now - left >= CLOSING]
            self._old = [(left, pool) for left, pool in self._old if now - left < CLOSING]
            current = self._pool
        for pool in done:
            pool.close()
        return current


class _SpreadTransport(httpx.HTTPTransport):
    def __init__(self, verify: ssl.SSLContext | bool, connections: int) -> None:
        super().__init__(verify=False)  # of the pool that is replaced here
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(verify=verify),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=30,
            network_backend=SpreadingBackend(),
        )


class SpreadingBackend(httpcore.NetworkBackend):
    """Connects to one of the addresses of a host, picked by chance, or to the next where that fails."""

    def __init__(self, backend: httpcore.NetworkBackend | None = None) -> None:
        self._backend = backend or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _addresses(host, port)
        share = timeout / len(addresses) if timeout else timeout
        failure: Exception | None = None
        for address in addresses:
            try:
                return self._backend.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(f"{host} has no address: {error}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    random.shuffle(addresses)
    return addresses

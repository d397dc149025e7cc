"""Connections that many clients share."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore
import httpx
import pytest

from diracx_bridge.client.shared_transport import CLOSING, SharedTransport, SpreadingBackend


class Replica(ThreadingHTTPServer):
    """Counts requests and connections."""

    def __init__(self, address: str, port: int = 0) -> None:
        self.requests = 0
        self.connections = 0
        super().__init__((address, port), Answering)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Replica

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        self.server.requests += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def replicas(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Replica]]:
    """Two replicas of one host at two addresses."""
    first = Replica("127.0.0.1")
    second = Replica("127.0.0.2", first.server_port)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, first.server_port)) for a in ("127.0.0.1", "127.0.0.2")]
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: found if host == "replicas" else resolve(host, *a, **k)
    )
    yield [first, second]
    for replica in (first, second):
        replica.shutdown()
        replica.server_close()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def url(replicas: list[Replica]) -> str:
    return f"http://replicas:{replicas[0].server_port}/"


def test_connection_serves_several_clients_and_outlives_them(replicas: list[Replica]) -> None:
    transport = SharedTransport(False)
    for _ in range(5):
        with httpx.Client(transport=transport) as client:
            client.get(url(replicas))
    assert sum(replica.requests for replica in replicas) == 5
    assert sum(replica.connections for replica in replicas) == 1
    transport.shut()


def test_connections_are_spread_and_have_a_bounded_life(replicas: list[Replica]) -> None:
    clock = Clock()
    transport = SharedTransport(False, life=60, clock=clock)
    client = httpx.Client(transport=transport)
    for _ in range(30):
        client.get(url(replicas))
        client.get(url(replicas))
        clock.now += 61
    assert sum(replica.connections for replica in replicas) == 30
    assert all(replica.requests >= 2 for replica in replicas), "by chance once in 500 million runs"
    assert len(transport._old) <= CLOSING / 60 + 1
    transport.shut()


def test_next_address_is_tried_when_one_replica_is_down(replicas: list[Replica]) -> None:
    replicas[1].shutdown()
    replicas[1].server_close()
    for _ in range(10):
        transport = SharedTransport(False)
        with httpx.Client(transport=transport) as client:
            assert client.get(url(replicas)).status_code == 200
        transport.shut()


def test_host_without_an_address_is_a_connection_that_failed() -> None:
    with pytest.raises(httpcore.ConnectError, match="has no address"):
        SpreadingBackend().connect_tcp("no-such-host.invalid", 80)


def test_failure_of_the_transport_is_one_of_httpx() -> None:
    transport = SharedTransport(False)
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ConnectError):
        client.get("http://no-such-host.invalid/")
    transport.shut()

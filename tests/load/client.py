"""A small HTTP/1.1 client with keep-alive, so that the client's own cost stays near 50 us a request.

Requests are complete byte strings, made before the clock starts.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import uvloop

Requests = Callable[[int], bytes]
"""Gives the bytes of request number i."""
HOST = "127.0.0.1"
ANSWER_SECONDS = 120
CHUNKED = -1
"""The length of an answer that ends with its last chunk."""


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a request; a body is JSON unless ``headers`` say otherwise."""
    named = dict(headers or {})
    if body:
        named.setdefault("Content-Type", "application/json")
        named["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._answer = bytearray()
        self._waiter: asyncio.Future[int] | None = None
        self._length: int | None = None
        self._body = 0
        self._status = 0
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> Connection:
        """A connection to a server on the loopback interface."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        return connection

    async def send(self, raw: bytes) -> int:
        """The status of the answer, once it is there completely."""
        assert self._transport is not None
        self._answer.clear()
        self._length = None
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._waiter

    @property
    def body(self) -> bytes:
        """The body of the last answer."""
        return bytes(self._answer[self._body :])

    @property
    def size(self) -> int:
        """Bytes of the last answer, head included."""
        return len(self._answer)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(exc or ConnectionError("closed by the server"))

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._length is None and not self._read_head():
            return
        if self._complete() and self._waiter and not self._waiter.done():
            self._waiter.set_result(self._status)

    def _complete(self) -> bool:
        if self._length == CHUNKED:
            return self._answer.endswith(b"0\r\n\r\n")
        return self._length is not None and len(self._answer) >= self._length

    def _read_head(self) -> bool:
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._answer[:end]).lower()
        self._status, self._body = int(head[9:12]), end + 4
        given = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        if self._status in (204, 304):
            self._length = self._body
        else:
            self._length = self._body + int(given) if given else CHUNKED
        return True


@dataclass(slots=True)
class Load:
    """What the clients saw; times in seconds, ``answer`` is the first body."""

    wall: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int | str] = field(default_factory=Counter)
    answer: bytes = b""
    answer_bytes: int = 0
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send: at most ``most`` requests within ``seconds`` by ``clients``, after ``warmup`` unmeasured ones.

    ``beside`` is sent by one more client all the time and not measured.
    """

    requests: Requests
    most: int
    seconds: float
    clients: int = 1
    warmup: int = 3
    beside: Requests | None = None


def run(port: int, plan: Plan) -> Load:
    """Send what ``plan`` says to a server on this machine."""
    return uvloop.run(_run(port, plan))


async def _run(port: int, plan: Plan) -> Load:
    load = Load()
    numbers = iter(range(plan.most + plan.warmup))
    connections = [await Connection.open(port) for _ in range(plan.clients)]
    for _ in range(plan.warmup):
        await connections[0].send(plan.requests(next(numbers)))
    disturbing = asyncio.create_task(_disturb(port, plan.beside, load)) if plan.beside else None
    await asyncio.sleep(0.05 if disturbing else 0)
    began = time.perf_counter()
    deadline = began + plan.seconds

    async def client(connection: Connection) -> None:
        for i in numbers:
            raw = plan.requests(i)
            sent = time.perf_counter()
            if sent > deadline:
                break
            status: int | str
            try:
                status = await asyncio.wait_for(connection.send(raw), ANSWER_SECONDS)
            except (OSError, TimeoutError) as error:
                status = type(error).__name__
                connection.close()
                connection = await Connection.open(port)
            load.latencies.append(time.perf_counter() - sent)
            load.statuses[status] += 1
            load.answer_bytes += connection.size
            load.answer = load.answer or connection.body
        connection.close()

    await asyncio.gather(*map(client, connections))
    load.wall = time.perf_counter() - began
    if disturbing:
        disturbing.cancel()
        await asyncio.gather(disturbing, return_exceptions=True)
    return load


async def _disturb(port: int, requests: Requests, load: Load) -> None:
    connection = await Connection.open(port)
    while True:
        await connection.send(requests(load.beside))
        load.beside += 1

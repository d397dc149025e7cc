"""A wire that can be cut: what a client sees of a server that is stopped, started again, or hangs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Relay:
    """Passes connections on to a port of this machine, while it is whole."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._whole = True
        self._answers = asyncio.Event()
        self._answers.set()
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break what is open, and every new connection."""
        self._whole = False
        for writer in self._open:
            writer.transport.abort()

    def hang(self) -> None:
        """Break what is open; take new connections and never answer."""
        self.cut()
        self._answers.clear()

    def mend(self) -> None:
        """Pass new connections on again."""
        self._whole = True
        self._answers.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._answers.wait()
            if not self._whole:
                return
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            self._open.add(back)
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        finally:
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        writer.transport.abort()
        self._open.discard(writer)


@asynccontextmanager
async def relay_to(target: int) -> AsyncIterator[Relay]:
    """A relay to the port ``target``, as long as the block lasts."""
    relay = Relay(target)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    yield relay
    relay.cut()
    server.close()

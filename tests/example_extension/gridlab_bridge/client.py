"""``client.lollygag``, with a model of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from diracx_bridge.client.extensions import OperationGroup


@dataclass(frozen=True)
class Greeting:
    """What the service says."""

    greeting: str
    times: int


def _request(times: int) -> dict[str, Any]:
    return {"method": "GET", "url": "/api/lollygag/greeting", "params": {"times": times}}


class SyncLollygag:
    def __init__(self, send: Callable[[dict[str, Any]], Any]) -> None:
        self._send = send

    def greet(self, times: int = 1) -> Greeting:
        return Greeting(**self._send(_request(times)).json())


class AsyncLollygag:
    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[Any]]) -> None:
        self._send = send

    async def greet(self, times: int = 1) -> Greeting:
        return Greeting(**(await self._send(_request(times))).json())


GROUP = OperationGroup(SyncLollygag, AsyncLollygag)

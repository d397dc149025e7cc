"""Long work on the event loop, in slices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")


async def in_turns(items: Iterable[T], size: int = 250) -> AsyncIterator[T]:
    """``items``; after each ``size`` of them, which should take some milliseconds, other requests get their turn."""
    for number, item in enumerate(items, 1):
        yield item
        if number % size == 0:
            await asyncio.sleep(0)

"""Long work on the event loop, in slices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


async def in_turns(items: Iterable[T], size: int = 250) -> AsyncIterator[T]:
    """``items``; after each ``size`` of them, which should take some milliseconds, other requests get their turn."""
    for number, item in enumerate(items, 1):
        yield item
        if number % size == 0:
            await asyncio.sleep(0)


async def in_steps(work: Callable[[Sequence[T]], None], items: Sequence[T], size: int = 25) -> None:
    """Let a thread do ``work`` on ``items``, so many at a time; in between, the event loop has the interpreter.

    A thread that compresses texts gives the interpreter away and takes it back all the time: in one long step the event
    loop would starve for a tenth of a second.
    """
    for first in range(0, len(items), size):
        await asyncio.to_thread(work, items[first : first + size])

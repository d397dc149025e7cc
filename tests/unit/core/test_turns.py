"""Long work in slices and steps."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from diracx_bridge.core.turns import in_steps, in_turns


async def test_others_have_a_turn_after_each_slice() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    seen = [(item, turns) async for item in in_turns(range(10), 4)]
    task.cancel()
    assert seen == [(item, item // 4) for item in range(10)]


async def test_a_thread_gets_all_items_in_short_steps() -> None:
    steps: list[tuple[bool, list[int]]] = []

    def work(some: Sequence[int]) -> None:
        steps.append((threading.current_thread() is threading.main_thread(), list(some)))

    await in_steps(work, range(7), 3)
    assert steps == [(False, [0, 1, 2]), (False, [3, 4, 5]), (False, [6])]

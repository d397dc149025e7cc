"""Performing steps in a task of an event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from diracx_bridge.client.api.steps import Call, Pause, Step, Steps, Transfer, Work
from diracx_bridge.client.api.transfers import fetch, send
from diracx_bridge.core.errors import BridgeError, ServerRefused

if TYPE_CHECKING:
    from diracx_bridge.client.aio import AsyncDiracxClient

T = TypeVar("T")


async def perform(client: AsyncDiracxClient, steps: Steps[T]) -> T:
    """What ``steps`` return; errors of a step are raised within them. What blocks runs in a thread."""
    try:
        step = next(steps)
        while True:
            try:
                result = await _done(client, step)
            except (BridgeError, OSError) as error:
                step = steps.throw(error)
            else:
                step = steps.send(result)
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        steps.close()


async def _done(client: AsyncDiracxClient, step: Step) -> Any:
    match step:
        case Call():
            try:
                return await client.request(**step.arguments())
            except ServerRefused as error:
                raise step.explained(error) from None
        case Pause():
            await asyncio.sleep(step.seconds)
        case Work():
            return await asyncio.to_thread(step.function)
        case Transfer():
            await asyncio.to_thread(send if step.upload else fetch, step, client.trust)
    return None

"""Performing steps in this thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from diracx_bridge.client.api.steps import Call, Pause, Step, Steps, Transfer, Work
from diracx_bridge.client.api.transfers import fetch, send
from diracx_bridge.core.errors import BridgeError, ServerRefused

if TYPE_CHECKING:
    from diracx_bridge.client.sync import SyncDiracxClient

T = TypeVar("T")


def perform(client: SyncDiracxClient, steps: Steps[T]) -> T:
    """What ``steps`` return; errors of a step are raised within them."""
    try:
        step = next(steps)
        while True:
            try:
                result = _done(client, step)
            except (BridgeError, OSError) as error:
                step = steps.throw(error)
            else:
                step = steps.send(result)
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        steps.close()


def _done(client: SyncDiracxClient, step: Step) -> Any:
    match step:
        case Call():
            try:
                return client.request(**step.arguments())
            except ServerRefused as error:
                raise step.explained(error) from None
        case Pause():
            time.sleep(step.seconds)
        case Work():
            return step.function()
        case Transfer():
            (send if step.upload else fetch)(step, client.trust)
    return None

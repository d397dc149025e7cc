"""What a running service removes by itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final

import structlog

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.services.idempotency import KEPT
from diracx_bridge.services.jobs.stores import JobStores

EVERY_SECONDS: Final = 600.0
MOST: Final = 10_000
"""Answers that are removed at a time, so that no transaction is long."""
log = structlog.get_logger(__name__)


async def forget_old_answers(stores: JobStores) -> None:
    """Remove answers that nobody repeats any more, the oldest first, a bounded number.

    Raises:
        Unavailable: the database does not answer.
    """
    before = datetime.now(UTC) - KEPT
    await stores.server.write(lambda tx: stores.bridge.forget_answers(tx, before, most=MOST))


@asynccontextmanager
async def maintained(stores: JobStores) -> AsyncIterator[None]:
    """Old answers are removed every ten minutes or so within this block."""
    task = asyncio.create_task(_maintain(stores), name="maintenance")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _maintain(stores: JobStores) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - spreads processes
        try:
            await forget_old_answers(stores)
        except Unavailable as error:
            log.warning("old answers stay for now", reason=str(error))

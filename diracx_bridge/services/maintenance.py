"""What a running service removes by itself."""

from __future__ import annotations

import asyncio
import random
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sql.bridge import revoked_access
from diracx_bridge.services.background import beside
from diracx_bridge.services.bridge.ledger import tables
from diracx_bridge.services.idempotency import KEPT
from diracx_bridge.services.jobs.stores import JobStores

EVERY_SECONDS: Final = 600.0
LEDGER_DAYS: Final = 90
MOST: Final = 10_000
"""Answers, or counts, that are removed at a time, so that no transaction is long."""
log = structlog.get_logger(__name__)


async def forget_old_answers(stores: JobStores) -> None:
    """Remove answers that nobody repeats any more, the oldest first, a bounded number.

    Raises:
        Unavailable: the database does not answer.
    """
    before = datetime.now(UTC) - KEPT
    await stores.server.write(lambda tx: stores.bridge.forget_answers(tx, before, most=MOST))


async def forget_old_counts(stores: JobStores) -> None:
    """Remove what the ledger counted more than ``LEDGER_DAYS`` ago, the oldest first, a bounded number.

    Raises:
        Unavailable: the database does not answer.
    """
    before = datetime.now(UTC) - timedelta(days=LEDGER_DAYS)
    await stores.server.write(lambda tx: tables.forget_calls(tx, before, most=MOST))


async def forget_old_revocations(stores: JobStores, token_life: timedelta) -> None:
    """Remove revocations of access tokens that have ended by themselves since.

    Raises:
        Unavailable: the database does not answer.
    """
    before = datetime.now(UTC) - token_life
    await stores.server.write(lambda tx: revoked_access.forget(tx, before))


def maintained(stores: JobStores, token_life: timedelta) -> AbstractAsyncContextManager[None]:
    """Old answers, counts and revocations are removed every ten minutes or so within this block.

    ``token_life`` is the longest life of an access token.
    """
    return beside(_maintain(stores, token_life), "maintenance")


async def _maintain(stores: JobStores, token_life: timedelta) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - spreads processes
        try:
            await forget_old_answers(stores)
            await forget_old_counts(stores)
            await forget_old_revocations(stores, token_life)
        except Unavailable as error:
            log.warning("old answers, counts and revocations stay for now", reason=str(error))

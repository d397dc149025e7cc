"""Access tokens that were revoked before their end, as BridgeDB tells all processes of an installation.

Each process asks every few seconds for the rows that are younger than an access token can be. The check of a token
stays a look-up in a dictionary.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from diracx_bridge.core.errors import BridgeError
from diracx_bridge.db.sql.bridge import revoked_access
from diracx_bridge.db.sql.failures import from_a_driver
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.services.auth.tokens import Tokens
from diracx_bridge.services.background import beside

DATABASE: Final = "BridgeDB"
EVERY_SECONDS: Final = 5.0
"""Pause between two looks at the table."""
log = structlog.get_logger(__name__)


class RevokedAccess:
    """Keeps `Tokens` informed of what was revoked; without BridgeDB there is nothing to be told.

    ``life`` is the longest life of an access token. While the database does not answer, what is known stays in force.
    """

    def __init__(self, databases: Databases, tokens: Tokens, life: timedelta) -> None:
        self._server = databases.server_of(DATABASE) if DATABASE in databases else None
        self._tokens = tokens
        self._life = life
        self._known: dict[str, int] = {}
        self._failed = False

    async def look(self) -> None:
        """Take over what others revoked."""
        if self._server is None:
            return
        since = datetime.now(UTC) - self._life
        try:
            found = await self._server.read(lambda tx: revoked_access.since(tx, since))
        except Exception as error:
            reason = _reason(error)
            if not self._failed:
                log.error("revoked access tokens can't be read: those that are known stay refused", reason=reason)
            self._failed = True
        else:
            self._failed = False
            self._take(found)

    def followed(self) -> AbstractAsyncContextManager[None]:
        """The table is looked at every few seconds within this block."""
        return beside(self._follow(), "revoked access")

    async def _follow(self) -> None:
        while self._server is not None:
            await asyncio.sleep(EVERY_SECONDS)
            await self.look()

    def _take(self, found: dict[str, int]) -> None:
        """Nothing is taken back before it is too old to matter: a row may be read before another one is committed."""
        oldest = time.time() - self._life.total_seconds()
        known = {sub: until for sub, until in self._known.items() if until >= oldest}
        self._known = known | {sub: max(until, known.get(sub, 0)) for sub, until in found.items()}
        self._tokens.refuse(self._known)


def _reason(error: Exception) -> str:
    """What the log says of a database that does not answer, or lacks the table; anything else is raised again."""
    if not isinstance(error, BridgeError | SQLAlchemyError) and not from_a_driver(error):
        raise error
    return str(error)

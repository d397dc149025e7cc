"""What the authentication routes work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from diracx_bridge.core.errors import BridgeError, InvalidGrant
from diracx_bridge.core.settings import AuthSettings, Settings
from diracx_bridge.db.sql.auth.db import AuthDB
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.idp.login import IdentityProviders
from diracx_bridge.services.auth.issuing import Issuing
from diracx_bridge.services.auth.key_ring import KeyRing
from diracx_bridge.services.auth.rate_limits import RateLimit
from diracx_bridge.services.auth.shared_secrets import SharedSecrets
from diracx_bridge.services.auth.tokens import Tokens

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AuthParts:
    """The parts of ``/api/auth`` of one application."""

    settings: AuthSettings
    grace_seconds: int
    server: Server
    database: AuthDB
    tokens: Tokens
    issuing: Issuing
    secrets: SharedSecrets
    providers: IdentityProviders
    token_limit: RateLimit
    login_limit: RateLimit
    legacy_limit: RateLimit

    @classmethod
    def of(cls, settings: Settings, server: Server, database: AuthDB, tokens: Tokens, keys: KeyRing) -> AuthParts:
        """The parts of an installation with these settings."""
        auth = tokens.settings
        return cls(
            settings=auth,
            grace_seconds=settings.bridge_refresh_grace_seconds,
            server=server,
            database=database,
            tokens=tokens,
            issuing=Issuing(tokens, database, settings.bridge_proxy_token_minutes),
            secrets=SharedSecrets(auth.state_key.get_secret_value(), keys),
            providers=IdentityProviders(),
            token_limit=RateLimit(settings.bridge_rate_limit_token, "DIRACX_BRIDGE_RATE_LIMIT_TOKEN"),
            login_limit=RateLimit(settings.bridge_rate_limit_login, "DIRACX_BRIDGE_RATE_LIMIT_LOGIN"),
            legacy_limit=RateLimit(settings.bridge_rate_limit_legacy, "DIRACX_BRIDGE_RATE_LIMIT_LEGACY"),
        )

    def check_client(self, client_id: str, code: str = "invalid_client") -> None:
        """Return if this is the client of the installation.

        Raises:
            InvalidGrant: it isn't.
        """
        if client_id != self.settings.dirac_client_id:
            raise InvalidGrant(code, f"Unrecognised client ID {client_id!r:.100}")

    async def settle(self, work: Callable[[Transaction], Awaitable[T | BridgeError]]) -> T:
        """What ``work`` returns. An error that it *returns* is raised after the commit: what it changed stays.

        A code that was tried is used up, also if nothing came of it.
        """
        outcome = await self.server.write(work)
        if isinstance(outcome, BridgeError):
            raise outcome
        return outcome

"""Pairs of tokens for a user."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from diracx_bridge.core.models.auth import TokenResponse
from diracx_bridge.db.sql.auth.db import AuthDB
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.jti import new_jti, seconds_of
from diracx_bridge.services.auth.tokens import Identity, SignedToken, Tokens


@dataclass(frozen=True, slots=True)
class Issued:
    """A pair of tokens, and whose it is."""

    issuer: str
    identity: Identity
    access: SignedToken
    refresh_token: str
    refresh_jti: UUID
    expires_in: int

    def response(self) -> TokenResponse:
        """The answer to the client."""
        return TokenResponse(
            access_token=self.access.text, expires_in=self.expires_in, refresh_token=self.refresh_token
        )


class Issuing:
    """Makes pairs of tokens and keeps book of the refresh tokens in AuthDB.

    ``proxy_minutes`` is the life of access tokens in proxies, if it is not that of the others.
    """

    def __init__(self, tokens: Tokens, database: AuthDB, proxy_minutes: int | None = None) -> None:
        self._tokens = tokens
        self._database = database
        self._proxy_seconds = tokens.expires_in if proxy_minutes is None else proxy_minutes * 60

    async def login(
        self, tx: Transaction, identity: Identity, scope: str, *, minutes: int | None = None, legacy: bool = False
    ) -> Issued:
        """A pair for a user who has just shown who he is; the refresh token is good for ``minutes``.

        ``legacy`` tells that DIRAC vouched for the user: it copies the refresh token, so that one is never replaced.
        """
        jti, issued = new_jti()
        life = 60 * (self._tokens.refresh_minutes if minutes is None else minutes)
        await self._database.add_token(tx, jti, scope=scope, sub=identity.sub)
        refresh = self._tokens.refresh_token(jti, issued, issued + life, legacy_exchange=legacy)
        return self.pair(identity, refresh, jti, proxy_ends=issued + life if legacy else None)

    async def replacement(self, tx: Transaction, identity: Identity, scope: str, jti: UUID, expires: int) -> Issued:
        """A pair whose refresh token, ``jti``, ends when the one that it replaces would have ended."""
        await self._database.add_token(tx, jti, scope=scope, sub=identity.sub)
        return self.again(identity, jti, expires)

    def again(self, identity: Identity, jti: UUID, expires: int) -> Issued:
        """A pair with a refresh token that was issued before; it is made anew from what is known of it."""
        token = self._tokens.refresh_token(jti, seconds_of(jti), expires, legacy_exchange=False)
        return self.pair(identity, token, jti)

    def pair(self, identity: Identity, refresh_token: str, jti: UUID, *, proxy_ends: float | None = None) -> Issued:
        """A new access token beside this refresh token, which stands in a proxy that ends then (s since the epoch)."""
        seconds = self._tokens.expires_in
        if proxy_ends is not None:
            seconds = max(seconds, min(self._proxy_seconds, int(proxy_ends - time.time())))
        access = self._tokens.access_token(identity, seconds)
        return Issued(self._tokens.issuer, identity, access, refresh_token, jti, seconds)

"""How tokens are issued: to DIRAC for one of its users, and again for who holds a refresh token."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from binascii import Error as BadBase64

import structlog

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidInput, NotAuthenticated, NotFound, Unavailable
from diracx_bridge.core.models.auth import TokenResponse
from diracx_bridge.db.sql.auth.db import REVOKED, AuthDB
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.scopes import identify, parse_scope
from diracx_bridge.services.auth.tokens import Identity, RefreshClaims, Tokens, new_jti

LEGACY_PREFIX = "diracx:legacy:"
audit = structlog.get_logger("diracx_bridge.audit")


def check_api_key(authorization: str, hashed_key: str) -> None:
    """Return if the header holds the key with which DIRAC may get tokens for its users.

    ``hashed_key`` is the SHA-256, in hex, of the decoded key; they are compared in constant time.

    Raises:
        Unavailable: no key is set up.
        InvalidInput: the header is not ``Bearer diracx:legacy:<base64>``.
        NotAuthenticated: another key.
    """
    if not hashed_key:
        raise Unavailable("Legacy exchange is not enabled", retry_after=3600)
    scheme, _, value = authorization.partition(" ")
    if scheme != "Bearer" or not value.startswith(LEGACY_PREFIX):
        raise InvalidInput("Invalid authorization header")
    try:
        key = urlsafe_b64decode(value.removeprefix(LEGACY_PREFIX))
    except (BadBase64, ValueError):
        raise InvalidInput("Invalid authorization header") from None
    if not hmac.compare_digest(hashlib.sha256(key).hexdigest(), hashed_key.lower()):
        raise NotAuthenticated("Invalid credentials")


class TokenExchange:
    """Issues pairs of tokens and keeps book of the refresh tokens in AuthDB."""

    def __init__(self, tokens: Tokens, server: Server, database: AuthDB) -> None:
        self._tokens = tokens
        self._server = server
        self._database = database

    async def for_legacy_user(
        self, config: Config, preferred_username: str, scope: str, expires_minutes: int | None
    ) -> TokenResponse:
        """Tokens for a user whom DIRAC vouches for; the refresh token is good for ``expires_minutes``.

        Raises:
            InvalidInput: unknown VO, group, user or property.
            PermissionDenied: see `identify`.
        """
        try:
            parsed = parse_scope(scope, config)
            subject = config.registry[parsed.vo].subjects[preferred_username]
            identity = identify(parsed, subject, config)
        except (InvalidInput, NotFound, KeyError):
            audit.warning("token refused", grant="legacy_exchange", user=preferred_username, scope=scope)
            raise InvalidInput("Invalid scope or preferred_username") from None
        jti, issued = new_jti()
        minutes = self._tokens.refresh_minutes if expires_minutes is None else expires_minutes
        await self._server.write(lambda tx: self._database.add(tx, jti, scope=scope, sub=identity.sub))
        refresh = self._tokens.refresh_token(jti, issued, issued + minutes * 60, legacy_exchange=True)
        return self._issued("legacy_exchange", identity, refresh)

    async def refresh(self, config: Config, refresh_token: str) -> TokenResponse:
        """A new access token, and a new refresh token unless the one presented came from DIRAC (which copies it).

        The login ends when it would have ended. Groups and properties are those of the configuration of now.

        Raises:
            NotAuthenticated: the token is not good (any more). A token used twice revokes all tokens of its owner.
            PermissionDenied: the owner may not have these rights any more.
        """
        claims = self._tokens.read_refresh_token(refresh_token)

        async def exchange(tx: Transaction) -> tuple[Identity, str] | None:
            stored = await self._database.lock(tx, claims.jti)
            if stored is None:
                raise InvalidInput(f"Refresh token with jti {claims.jti} is not known; log in again")
            if stored.status == REVOKED:
                if claims.legacy_exchange:
                    raise NotAuthenticated("This token was revoked; get a new proxy with a token")
                await self._database.revoke_all(tx, stored.sub)
                return None
            parsed = parse_scope(stored.scope, config)
            identity = identify(parsed, stored.sub.partition(":")[2], config)
            if claims.legacy_exchange:
                return identity, refresh_token
            return identity, await self._rotate(tx, claims, stored.scope, stored.sub)

        try:
            result = await self._server.write(exchange)
        except NotFound as error:
            raise NotAuthenticated(str(error)) from None
        if result is None:
            audit.warning("refresh token used twice: all tokens of the user are revoked", jti=str(claims.jti))
            raise NotAuthenticated(
                "Revoked refresh token reused: potential attack detected. You must authenticate again"
            )
        return self._issued("refresh_token", *result)

    async def _rotate(self, tx: Transaction, claims: RefreshClaims, scope: str, sub: str) -> str:
        await self._database.revoke(tx, claims.jti)
        jti, issued = new_jti()
        await self._database.add(tx, jti, scope=scope, sub=sub)
        return self._tokens.refresh_token(jti, issued, claims.expires, legacy_exchange=False)

    def _issued(self, grant: str, identity: Identity, refresh_token: str) -> TokenResponse:
        audit.info("token issued", grant=grant, sub=identity.sub, vo=identity.vo, group=identity.group)
        return TokenResponse(
            access_token=self._tokens.access_token(identity),
            expires_in=self._tokens.expires_in,
            refresh_token=refresh_token,
        )

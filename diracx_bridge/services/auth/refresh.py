"""Refreshing: a refresh token is replaced each time, and a replaced one that comes back ends all sessions of its user.

Unless it comes back soon: a client whose answer got lost, or two processes that refresh at once, get the answer of the
first use again. Nothing is stored for that. The identifier of the new token is derived, by a secret of the
installation, from that of the old one, so whoever replaced a token, the replacement is recognised among the few
newest tokens of the user, and is signed again from its identifier, which tells its time.
"""

from __future__ import annotations

from uuid import UUID

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import BridgeError, InvalidGrant, InvalidInput, NotAuthenticated, PermissionDenied
from diracx_bridge.db.sql.auth.refresh_tokens import CREATED, REVOKED, StoredToken
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.audit import Attempt
from diracx_bridge.services.auth.issuing import Issued
from diracx_bridge.services.auth.jti import earliest, random_of
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.scopes import identify, parse_scope
from diracx_bridge.services.auth.tokens import Identity, RefreshClaims

REUSED = "Revoked refresh token reused: potential attack detected. You must authenticate again"


async def refresh(auth: AuthParts, config: Config, refresh_token: str, attempt: Attempt) -> Issued:
    """A new access token, and a new refresh token unless the one presented came from DIRAC (which copies it).

    The login ends when it would have ended. Groups and properties are those of the configuration of now.

    Raises:
        NotAuthenticated: the token is not good (any more).
        InvalidInput: it is not known.
        PermissionDenied: the owner may not have these rights any more.
    """
    claims = auth.tokens.read_refresh_token(refresh_token)
    attempt.knows(presented_jti=str(claims.jti), legacy_exchange=claims.legacy_exchange)
    if claims.legacy_exchange:
        stored = _known(await auth.server.read(lambda tx: auth.database.token(tx, claims.jti)), claims, attempt)
        if stored.status == REVOKED:
            raise NotAuthenticated("This token was revoked; get a new proxy with a token")
        issued = auth.issuing.pair(_owner(stored, config), refresh_token, claims.jti, proxy_ends=claims.expires)
    else:
        issued = await auth.settle(lambda tx: _rotate(auth, tx, config, claims, attempt))
    attempt.issued(issued)
    return issued


async def newest(auth: AuthParts, tx: Transaction, jti: UUID, sub: str) -> tuple[UUID, str] | None:
    """The last token in the line of replacements of ``jti`` within the grace period, and its status; None if none."""
    if not auth.grace_seconds:
        return None
    newer = await auth.database.newer_tokens(tx, sub, earliest(auth.grace_seconds))
    by_mark = {random_of(candidate): candidate for candidate in newer}
    found = None
    while following := [by_mark[mark] for mark in auth.secrets.marks_of_successor(jti) if mark in by_mark]:
        found = jti = following[0]
    return None if found is None else (found, newer[found])


async def _rotate(
    auth: AuthParts, tx: Transaction, config: Config, claims: RefreshClaims, attempt: Attempt
) -> Issued | BridgeError:
    try:
        stored = _known(await auth.database.token(tx, claims.jti, lock=True), claims, attempt)
        if stored.status == CREATED:
            identity = _owner(stored, config)
            await auth.database.revoke(tx, claims.jti)
            successor = auth.secrets.successor(claims.jti)
            return await auth.issuing.replacement(tx, identity, stored.scope, successor, claims.expires)
        replaced = await newest(auth, tx, claims.jti, stored.sub)
        if replaced is None:
            await auth.database.revoke_all(tx, stored.sub)
            attempt.knows(all_sessions_ended=True)
            return NotAuthenticated(REUSED)
        jti, status = replaced
        if status != CREATED:
            return NotAuthenticated("This login was ended; log in again")
        attempt.knows(repeated=True)
        return auth.issuing.again(_owner(stored, config), jti, claims.expires)
    except (InvalidInput, NotAuthenticated, PermissionDenied) as error:
        return error


def _known(stored: StoredToken | None, claims: RefreshClaims, attempt: Attempt) -> StoredToken:
    if stored is None:
        raise InvalidGrant("invalid_grant", f"Refresh token with jti {claims.jti} is not known; log in again")
    attempt.knows(sub=stored.sub, vo=stored.sub.partition(":")[0], scope=stored.scope)
    return stored


def _owner(stored: StoredToken, config: Config) -> Identity:
    return identify(parse_scope(stored.scope, config), stored.sub.partition(":")[2], config)

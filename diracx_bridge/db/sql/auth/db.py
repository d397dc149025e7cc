"""AuthDB: which refresh tokens were issued, and whether they are still good."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from diracx_bridge.db.sql.auth.schema import refresh_tokens
from diracx_bridge.db.sql.transaction import Transaction

CREATED, REVOKED = "CREATED", "REVOKED"
_columns = refresh_tokens.c
_JTI = bindparam("jti", type_=_columns.JTI.type)
_INSERT = insert(refresh_tokens)
_LOCK = select(_columns.Status, _columns.Scope, _columns.Sub).where(_columns.JTI == _JTI).with_for_update()
_REVOKE = update(refresh_tokens).where(_columns.JTI == _JTI).values(Status=REVOKED)
_REVOKE_ALL = (
    update(refresh_tokens).where(_columns.Sub == bindparam("sub"), _columns.Status == CREATED).values(Status=REVOKED)
)


class StoredToken(NamedTuple):
    """What is known of a refresh token: ``sub`` is ``<vo>:<subject at the identity provider>``."""

    status: str
    scope: str
    sub: str


class AuthDB:
    """What is done with the table RefreshTokens."""

    async def add(self, tx: Transaction, jti: UUID, *, scope: str, sub: str) -> None:
        """Record a refresh token that is about to be handed out."""
        await tx.raw(_INSERT, {"JTI": jti, "Status": CREATED, "Scope": scope, "Sub": sub})

    async def lock(self, tx: Transaction, jti: UUID) -> StoredToken | None:
        """The token, locked until the transaction ends; None if there is none."""
        row = (await tx.raw(_LOCK, {"jti": jti})).one_or_none()
        return None if row is None else StoredToken(*row)

    async def revoke(self, tx: Transaction, jti: UUID) -> None:
        """Make one token useless."""
        await tx.raw(_REVOKE, {"jti": jti})

    async def revoke_all(self, tx: Transaction, sub: str) -> None:
        """Make every token of a user useless."""
        await tx.raw(_REVOKE_ALL, {"sub": sub})

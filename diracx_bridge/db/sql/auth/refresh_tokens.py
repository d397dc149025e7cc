"""The table RefreshTokens: which refresh tokens were issued, and whether they are still good."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction

CREATED: Final = "CREATED"
REVOKED: Final = "REVOKED"

_TABLE = "{AuthDB}.RefreshTokens"
_ADD = Statement(f"INSERT INTO {_TABLE} (JTI, Status, Scope, Sub) VALUES (:jti, 'CREATED', :scope, :sub)")
_READ_TEXT = f"SELECT Status, Scope, Sub FROM {_TABLE} WHERE JTI = :jti"
_READ = Statement(_READ_TEXT)
_LOCK = Statement(_READ_TEXT + " FOR UPDATE", sqlite=_READ_TEXT)
_REVOKE = Statement(f"UPDATE {_TABLE} SET Status = 'REVOKED' WHERE JTI = :jti")
_REVOKE_ALL = Statement(f"UPDATE {_TABLE} SET Status = 'REVOKED' WHERE Sub = :sub AND Status = 'CREATED'")
_NEWER = Statement(f"SELECT JTI, Status FROM {_TABLE} WHERE Sub = :sub AND JTI >= :since")
_PAGE_TEXT = f"SELECT JTI, Status, Scope, Sub FROM {_TABLE} WHERE {{owner}}JTI < :before ORDER BY JTI DESC LIMIT :many"
_PAGE = Statement(_PAGE_TEXT.replace("{owner}", ""))
_PAGE_OF_SUB = Statement(_PAGE_TEXT.replace("{owner}", "Status = 'CREATED' AND Sub = :sub AND "))
_VO_TEXT = _PAGE_TEXT.replace("{owner}", "SUBSTR(Sub, 1, CHAR_LENGTH(:prefix)) = :prefix AND ")
_PAGE_OF_VO = Statement(_VO_TEXT, sqlite=_VO_TEXT.replace("CHAR_LENGTH", "LENGTH"))
LAST: Final = UUID("f" * 32)
"""Above every JTI."""


class StoredToken(NamedTuple):
    """What is known of a refresh token: ``sub`` is ``<vo>:<subject at the identity provider>``."""

    status: str
    scope: str
    sub: str


class ListedToken(NamedTuple):
    """A refresh token in a list."""

    jti: UUID
    status: str
    scope: str
    sub: str


class RefreshTokens:
    """What is done with RefreshTokens. Every statement finds its rows by the primary key or by the owner."""

    async def add_token(self, tx: Transaction, jti: UUID, *, scope: str, sub: str) -> None:
        """Record a refresh token that is about to be handed out."""
        await tx.execute(_ADD, jti=jti.hex, scope=scope, sub=sub)

    async def token(self, tx: Transaction, jti: UUID, *, lock: bool = False) -> StoredToken | None:
        """The token, if ``lock`` locked until the transaction ends; None if there is none."""
        rows = await tx.execute(_LOCK if lock else _READ, jti=jti.hex)
        return StoredToken(*rows[0]) if rows else None

    async def revoke(self, tx: Transaction, jti: UUID) -> None:
        """Make one token useless."""
        await tx.execute(_REVOKE, jti=jti.hex)

    async def revoke_all(self, tx: Transaction, sub: str) -> None:
        """Make every token of a user useless."""
        await tx.execute(_REVOKE_ALL, sub=sub)

    async def newer_tokens(self, tx: Transaction, sub: str, since: str) -> dict[UUID, str]:
        """The tokens of a user whose JTI is at least ``since`` (32 hexadecimal digits), with their status."""
        rows = await tx.execute(_NEWER, sub=sub, since=since)
        return {UUID(str(jti)): str(status) for jti, status in rows}

    async def page_of_tokens(
        self, tx: Transaction, many: int, *, sub: str | None = None, vo: str | None = None, before: UUID = LAST
    ) -> list[ListedToken]:
        """Up to ``many`` tokens below ``before``, newest first: good ones of a user, or all of a VO or everybody."""
        limits = {"before": before.hex, "many": many}
        if sub is not None:
            rows = await tx.execute(_PAGE_OF_SUB, sub=sub, **limits)
        elif vo is not None:
            rows = await tx.execute(_PAGE_OF_VO, prefix=f"{vo}:", **limits)
        else:
            rows = await tx.execute(_PAGE, **limits)
        return [ListedToken(UUID(str(jti)), status, scope, owner) for jti, status, scope, owner in rows]

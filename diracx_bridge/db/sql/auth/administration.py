"""Refresh tokens as an administrator sees them: of a user, of a VO, of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from diracx_bridge.core.errors import NotFound
from diracx_bridge.db.sql.auth.refresh_tokens import CREATED, LAST, ListedToken, RefreshTokens
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction

FIRST: Final = UUID(int=0)
"""Below every JTI."""
BATCH: Final = 1000
"""Tokens that one transaction revokes."""
_TABLE: Final = "{AuthDB}.RefreshTokens"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tokens: of one ``sub`` (``<vo>:<subject>``) or of a ``vo``, of one ``status``; None: of any."""

    sub: str | None = None
    vo: str | None = None
    status: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the condition."""
        given = {"sub": self.sub, "prefix": None if self.vo is None else f"{self.vo}:", "status": self.status}
        return {name: value for name, value in given.items() if value is not None}


async def page(server: Server, selection: Selection, many: int, before: UUID = LAST) -> list[ListedToken]:
    """Up to ``many`` tokens that were made before ``before``, newest first."""
    statement = _page(tuple(selection.values))
    rows = await server.read(lambda tx: tx.execute(statement, before=before.hex, many=many, **selection.values))
    return [ListedToken(UUID(str(jti)), status, scope, owner) for jti, status, scope, owner in rows]


async def revoke(server: Server, selection: Selection) -> int:
    """Revoke all of these tokens that are still good; returns how many.

    From the oldest to the newest: a session that is refreshed meanwhile moves to a newer token, which is met later.
    """
    good = Selection(selection.sub, selection.vo, CREATED)
    names = tuple(good.values)
    total, after = 0, FIRST

    async def next_batch(tx: Transaction) -> list[UUID]:
        rows = await tx.execute(_good(names), after=after.hex, many=BATCH, **good.values)
        found = [UUID(str(row[0])) for row in rows]
        if found:
            await tx.execute(_revoke(names), after=after.hex, last=found[-1].hex, **good.values)
        return found

    while found := await server.write(next_batch):
        total, after = total + len(found), found[-1]
    return total


async def revoke_some(server: Server, jtis: Sequence[UUID]) -> int:
    """Revoke tokens by their identifiers; returns how many of them were still good.

    Raises:
        NotFound: one is not known; then none is revoked.
    """

    async def work(tx: Transaction) -> int:
        tokens = RefreshTokens()
        found = {jti: await tokens.token(tx, jti, lock=True) for jti in sorted(set(jtis))}
        if unknown := [str(jti) for jti, token in found.items() if token is None]:
            raise NotFound(f"There is no refresh token with jti {', '.join(unknown)}; nothing was revoked")
        good = [jti for jti, token in found.items() if token is not None and token.status == CREATED]
        for jti in good:
            await tokens.revoke(tx, jti)
        return len(good)

    return await server.write(work)


def _conditions(names: tuple[str, ...], dialect: str) -> str:
    length = "LENGTH" if dialect == "sqlite" else "CHAR_LENGTH"
    texts = {
        "sub": "Sub = :sub AND ",
        "prefix": f"SUBSTR(Sub, 1, {length}(:prefix)) = :prefix AND ",
        "status": "Status = :status AND ",
    }
    return "".join(texts[name] for name in names)


def _statement(text: str, names: tuple[str, ...]) -> Statement:
    return Statement(
        text.replace("SELECTED ", _conditions(names, "mysql")),
        sqlite=text.replace("SELECTED ", _conditions(names, "sqlite")),
    )


@cache
def _page(names: tuple[str, ...]) -> Statement:
    columns = "JTI, Status, Scope, Sub"
    return _statement(
        f"SELECT {columns} FROM {_TABLE} WHERE SELECTED JTI < :before ORDER BY JTI DESC LIMIT :many", names
    )


@cache
def _good(names: tuple[str, ...]) -> Statement:
    return _statement(f"SELECT JTI FROM {_TABLE} WHERE SELECTED JTI > :after ORDER BY JTI LIMIT :many", names)


@cache
def _revoke(names: tuple[str, ...]) -> Statement:
    condition = "SELECTED JTI > :after AND JTI <= :last"
    return _statement(f"UPDATE {_TABLE} SET Status = 'REVOKED' WHERE {condition}", names)

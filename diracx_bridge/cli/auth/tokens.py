"""``diracx-bridge auth tokens``."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer

from diracx_bridge.cli.output import Json, note, print_json, print_table, wants_json


class Status(StrEnum):
    """Whether tokens are still good, as far as AuthDB knows: it does not keep when they expire."""

    CREATED = "created"
    REVOKED = "revoked"


User = Annotated[
    str | None, typer.Option(help="Tokens of this user: a name, or the owner as <vo>:<subject at the provider>.")
]
Vo = Annotated[str | None, typer.Option(help="Tokens of this VO.")]


def tokens(
    user: User = None,
    vo: Vo = None,
    status: Annotated[Status | None, typer.Option(help="Tokens of this state only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Tokens on a page.")] = 100,
    before: Annotated[UUID | None, typer.Option(help="The next page: tokens older than the one with this JTI.")] = None,
    as_json: Json = False,
) -> None:
    """List refresh tokens, newest first.

    Names of users are shown and understood if DIRACX_CONFIG_BACKEND_URL is set, as for the services.
    """
    import asyncio

    rows = asyncio.run(_page(user, vo, status, limit, before))
    following = rows[-1]["jti"] if len(rows) == limit else None
    if wants_json(as_json):
        print_json({"tokens": rows, "next": following})
        return
    print_table(("jti", "status", "vo", "user", "scope", "made"), rows)
    if following:
        note(f"There may be more: --before {following}")


async def _page(
    user: str | None, vo: str | None, status: Status | None, limit: int, before: UUID | None
) -> list[dict[str, Any]]:
    from diracx_bridge.cli.auth.auth_db import auth_server
    from diracx_bridge.cli.auth.users import names_of, owners, registry
    from diracx_bridge.db.sql.auth import administration
    from diracx_bridge.db.sql.auth.refresh_tokens import LAST

    names = names_of(await registry())
    wanted = status.value.upper() if status else None
    selections = [administration.Selection(vo=vo, status=wanted)]
    if user is not None:
        selections = [administration.Selection(sub=sub, status=wanted) for sub in owners(user, vo, names)]
    async with auth_server() as server:
        found = [token for one in selections for token in await administration.page(server, one, limit, before or LAST)]
    return [
        {
            "jti": str(token.jti),
            "status": token.status.lower(),
            "vo": token.sub.partition(":")[0],
            "user": names.get(token.sub, token.sub),
            "sub": token.sub,
            "scope": token.scope,
            "made": datetime.fromtimestamp((token.jti.int >> 80) / 1000, UTC).isoformat(timespec="seconds"),
        }
        for token in sorted(found, key=lambda token: token.jti, reverse=True)[:limit]
    ]

"""Listing and revoking refresh tokens of many users, on each kind of database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest

from diracx_bridge.core.errors import NotFound
from diracx_bridge.db.sql.auth import administration
from diracx_bridge.db.sql.auth.administration import Selection, page, revoke, revoke_some
from diracx_bridge.db.sql.auth.db import AuthDB
from diracx_bridge.db.sql.server import Databases, Server
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.jti import jti_of

ALICE, BOB, CAROL, ODD = "gridlab:alice", "gridlab:bob", "biolab:carol", "gridlab_x:dora"
OWNERS = (ALICE, BOB, CAROL, ODD)
NOW = int(datetime.now(UTC).timestamp() * 1000)


@pytest.fixture
async def server(database_urls: Mapping[str, str]) -> AsyncIterator[Server]:
    """AuthDB with three tokens of each owner, made in turn: numbers 0 to 11."""
    databases = Databases({"AuthDB": database_urls["AuthDB"]})
    found = databases.server_of("AuthDB")
    for number in range(12):
        await add(found, number, OWNERS[number % 4])
    yield found
    await databases.close()


async def add(server: Server, number: int, owner: str) -> None:
    await server.write(lambda tx: AuthDB().add_token(tx, jti(number), scope=f"vo:{owner.partition(':')[0]}", sub=owner))


def jti(number: int) -> UUID:
    return jti_of(NOW + number, number)


async def numbers(server: Server, selection: Selection, many: int = 100, before: int = 1000) -> list[int]:
    found = await page(server, selection, many, jti(before))
    return [(token.jti.int >> 80) - NOW for token in found]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), list(range(11, -1, -1))),
        (Selection(sub=ALICE), [8, 4, 0]),
        (Selection(vo="gridlab"), [9, 8, 5, 4, 1, 0]),
        (Selection(vo="gridlab", status="REVOKED"), [4]),
        (Selection(sub=ALICE, status="CREATED"), [8, 0]),
        (Selection(sub="nobody"), []),
    ],
)
async def test_tokens_are_selected_by_owner_vo_and_status(
    server: Server, selection: Selection, expected: list[int]
) -> None:
    await revoke_some(server, [jti(4)])
    assert await numbers(server, selection) == expected


async def test_pages_follow_each_other(server: Server) -> None:
    assert await numbers(server, Selection(vo="gridlab"), 4) == [9, 8, 5, 4]
    assert await numbers(server, Selection(vo="gridlab"), 4, before=4) == [1, 0]


@pytest.mark.parametrize(
    ("selection", "count", "left"),
    [
        (Selection(sub=ALICE), 3, [11, 10, 9, 7, 6, 5, 3, 2, 1]),
        (Selection(vo="gridlab"), 6, [11, 10, 7, 6, 3, 2]),
        (Selection(), 12, []),
    ],
)
async def test_revoking_reaches_all_that_are_selected_and_no_other(
    server: Server, monkeypatch: pytest.MonkeyPatch, selection: Selection, count: int, left: list[int]
) -> None:
    monkeypatch.setattr(administration, "BATCH", 2)
    assert await revoke(server, selection) == count
    assert await numbers(server, Selection(status="CREATED")) == left
    assert await revoke(server, selection) == 0


async def test_a_session_that_is_refreshed_meanwhile_is_met_later(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "BATCH", 1)
    database, stop = AuthDB(), False

    async def keep_refreshing() -> None:
        number, current = 20, jti(8)
        while not stop:
            following = jti(number)

            async def rotate(tx: Transaction, old: UUID = current, new: UUID = following) -> bool:
                token = await database.token(tx, old, lock=True)
                if token is None or token.status == "REVOKED":
                    return False
                await database.revoke(tx, old)
                await database.add_token(tx, new, scope=token.scope, sub=token.sub)
                return True

            if not await server.write(rotate):
                return
            number, current = number + 1, following

    refreshing = asyncio.create_task(keep_refreshing())
    await revoke(server, Selection(sub=ALICE))
    assert await numbers(server, Selection(sub=ALICE, status="CREATED")) == []
    stop = True
    await refreshing


async def test_single_tokens_are_revoked_once(server: Server) -> None:
    assert await revoke_some(server, [jti(3), jti(4), jti(3)]) == 2
    assert await revoke_some(server, [jti(4), jti(5)]) == 1
    assert await numbers(server, Selection(status="REVOKED")) == [5, 4, 3]


async def test_nothing_is_revoked_when_one_of_the_tokens_is_not_known(server: Server) -> None:
    with pytest.raises(NotFound, match=str(jti(77))):
        await revoke_some(server, [jti(3), jti(77)])
    assert await numbers(server, Selection(status="REVOKED")) == []

"""Work of a single statement, which commits itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress

import pytest
from sqlalchemy import text

from diracx_bridge.db.sql.auth.db import AuthDB
from diracx_bridge.db.sql.server import POOL_SIZE, Databases, Server
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.jti import new_jti

DATABASE = AuthDB()


@pytest.fixture
async def server(database_urls: Mapping[str, str]) -> AsyncIterator[Server]:
    databases = Databases({"AuthDB": database_urls["AuthDB"]})
    yield databases.server_of("AuthDB")
    await databases.close()


async def add(server: Server, owner: str = "vo:alice") -> None:
    jti, _ = new_jti()
    await server.write_once(lambda tx: DATABASE.add_token(tx, jti, scope="vo:vo", sub=owner))


async def count(server: Server) -> int:
    return len(await server.read(lambda tx: DATABASE.page_of_tokens(tx, 1000)))


async def test_what_a_single_statement_writes_is_seen_by_others_at_once(server: Server) -> None:
    await add(server)
    assert await count(server) == 1


async def test_a_single_statement_leaves_nothing_open(server: Server) -> None:
    await server.read(lambda tx: DATABASE.page_of_tokens(tx, 10))
    assert server.connections_in_use == 0
    if server.dialect == "mysql":
        running = Statement("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = :thread")
        thread = await server.read(lambda tx: tx.execute(Statement("SELECT CONNECTION_ID()")))
        assert await server.read(lambda tx: tx.execute(running, thread=thread[0][0])) == [(0,)]


async def test_many_single_statements_at_once_wait_for_each_other(server: Server) -> None:
    await asyncio.gather(*(add(server) for _ in range(POOL_SIZE * 2)))
    assert await count(server) == POOL_SIZE * 2


async def test_a_connection_that_was_cut_is_replaced(server: Server) -> None:
    whole = server.dialect == "sqlite"

    async def work(tx: Transaction) -> None:
        nonlocal whole
        if not whole:
            whole = True
            ((thread,),) = await tx.execute(Statement("SELECT CONNECTION_ID()"))
            await server.read(lambda other: other.execute(Statement(f"KILL {int(thread)}")))
        jti, _ = new_jti()
        await DATABASE.add_token(tx, jti, scope="vo:vo", sub="vo:alice")

    await server.write_once(work)
    assert await count(server) == 1


async def test_a_connection_that_was_cut_while_nobody_used_it_is_replaced(server: Server) -> None:
    """Also if everything that is written would fit one exchange."""
    await add(server)
    if server.dialect == "mysql":
        ((thread,),) = await server.read(lambda tx: tx.execute(Statement("SELECT CONNECTION_ID()")))
        async with server.engine.connect() as other:
            await other.execute(text(f"KILL {int(thread)}"))

    async def work(tx: Transaction) -> None:
        tx.enqueue(Statement("DELETE FROM {AuthDB}.RefreshTokens"))

    await server.write(work)
    assert await count(server) == 0


@pytest.mark.parametrize("kind", ["write_once", "read", "write"])
async def test_a_task_that_is_cancelled_ends_even_if_the_driver_loses_that(server: Server, kind: str) -> None:
    """As ``wait_for`` of Python 3.11 does when a connection is there in the moment of the cancellation."""
    begun = asyncio.Event()

    async def losing(_tx: Transaction) -> None:
        begun.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    async def forever() -> None:
        while True:
            await getattr(server, kind)(losing)

    task = asyncio.create_task(forever())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()

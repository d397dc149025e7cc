"""Connections for single statements, on a database that counts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy.pool import QueuePool

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sql import kept_connections
from diracx_bridge.db.sql.kept_connections import KeptConnections
from diracx_bridge.db.sql.server import Databases
from tests.servers.sql_server import SqlServer


@pytest.fixture
async def kept(mariadb: SqlServer) -> AsyncIterator[KeptConnections]:
    databases = Databases({"AuthDB": mariadb.url("mysql")})
    server = databases.server_of("AuthDB")
    connections = KeptConnections(server.engine, 2)
    yield connections
    await connections.close()
    await databases.close()


async def number(_connection: Any, driver: Any) -> int:
    """The number of the connection, at the server."""
    async with driver.cursor() as cursor:
        await cursor.execute("SELECT CONNECTION_ID()")
        return int((await cursor.fetchone())[0])


async def test_a_connection_is_used_again(kept: KeptConnections) -> None:
    assert await kept.run(number) == await kept.run(number)


async def test_no_more_are_opened_than_there_may_be(kept: KeptConnections) -> None:
    assert len(set(await asyncio.gather(*(kept.run(number) for _ in range(20))))) == 2


async def test_one_that_was_idle_for_long_is_replaced(kept: KeptConnections, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await kept.run(number)
    monkeypatch.setattr(kept_connections, "IDLE_SECONDS", 0)
    assert await kept.run(number) != first


async def test_one_whose_statement_was_cancelled_is_replaced(kept: KeptConnections) -> None:
    first = await kept.run(number)

    async def slow(_connection: Any, driver: Any) -> None:
        async with driver.cursor() as cursor:
            await cursor.execute("SELECT SLEEP(5)")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(kept.run(slow), 0.2)
    assert await kept.run(number) != first


async def test_one_that_is_being_opened_for_a_cancelled_request_is_given_back_at_the_end(mariadb: SqlServer) -> None:
    databases = Databases({"AuthDB": mariadb.url("mysql")})
    engine = databases.server_of("AuthDB").engine
    kept = KeptConnections(engine, 2)
    waiting = asyncio.create_task(kept.run(number))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    await kept.close()
    await asyncio.sleep(0.2)
    assert isinstance(engine.pool, QueuePool)
    assert (engine.pool.checkedin(), engine.pool.checkedout()) == (1, 0)
    await databases.close()


async def test_one_that_refused_a_statement_is_kept(kept: KeptConnections) -> None:
    first = await kept.run(number)

    async def wrong(_connection: Any, driver: Any) -> None:
        async with driver.cursor() as cursor:
            await cursor.execute("SELECT nonsense")

    with pytest.raises(Exception, match="nonsense"):
        await kept.run(wrong)
    assert await kept.run(number) == first


async def test_who_waits_too_long_is_told_to_come_back(kept: KeptConnections, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_connections, "PATIENCE_SECONDS", 0.1)
    go_on = asyncio.Event()

    async def hold(_connection: Any, _driver: Any) -> None:
        await go_on.wait()

    holding = [asyncio.create_task(kept.run(hold)) for _ in range(2)]
    await asyncio.sleep(0.2)
    with pytest.raises(Unavailable, match="busy"):
        await kept.run(number)
    go_on.set()
    await asyncio.gather(*holding)
    assert await kept.run(number)

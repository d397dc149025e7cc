"""How many SQL statements something costs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from unittest import mock

from sqlalchemy import text

from diracx_bridge.db.sql.server import Server

T = TypeVar("T")


async def counted(server: Server, call: Callable[[], Awaitable[T]]) -> tuple[T, int]:
    """What ``call`` returns, and the statements that it sent to MariaDB or MySQL, COMMIT and ROLLBACK included.

    Give the installation a pool of one connection (``bridge_sql_pool_size=1``): statements in transactions are counted
    by the server itself. `Server.single` sends one statement each time, over connections of its own.
    """
    single, singles = server.single, 0

    async def counting(*arguments: Any, **more: Any) -> Any:
        nonlocal singles
        singles += 1
        return await single(*arguments, **more)

    await _questions(server)
    before = await _questions(server)
    with mock.patch.object(server, "single", counting):
        value = await call()
    after = await _questions(server)
    again = await _questions(server)
    return value, after - before - (again - after) + singles


async def _questions(server: Server) -> int:
    row = (await server.read(lambda tx: tx.raw(text("SHOW SESSION STATUS LIKE 'Questions'")))).one()
    return int(row[1])

"""How many SQL statements something costs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import text

from diracx_bridge.db.sql.server import Server

T = TypeVar("T")


async def counted(server: Server, call: Callable[[], Awaitable[T]]) -> tuple[T, int]:
    """What ``call`` returns, and the statements that it sent to MariaDB or MySQL, COMMIT and ROLLBACK included.

    Give the installation a pool of one connection (``bridge_sql_pool_size=1``): statements in transactions are counted
    by the server itself.
    """
    await _questions(server)
    before = await _questions(server)
    value = await call()
    after = await _questions(server)
    again = await _questions(server)
    return value, after - before - (again - after)


async def _questions(server: Server) -> int:
    row = (await server.read(lambda tx: tx.raw(text("SHOW SESSION STATUS LIKE 'Questions'")))).one()
    return int(row[1])

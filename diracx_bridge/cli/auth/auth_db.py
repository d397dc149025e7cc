"""AuthDB, and BridgeDB beside it, as the environment of the services names them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from diracx_bridge.cli.environment import services_environment

if TYPE_CHECKING:
    from diracx_bridge.db.sql.server import Databases, Server


@asynccontextmanager
async def auth_server() -> AsyncIterator[Server]:
    """The server that holds AuthDB; its connections are closed after the block.

    Raises:
        SettingsError: the environment names none.
    """
    async with auth_databases() as databases:
        yield databases.server_of("AuthDB")


@asynccontextmanager
async def auth_databases(*beside: str) -> AsyncIterator[Databases]:
    """AuthDB, and those of ``beside`` that the environment names; connections are closed after the block.

    Raises:
        SettingsError: the environment does not name AuthDB.
    """
    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.db.sql.server import Databases
    from diracx_bridge.db.sql.urls import urls_from, variable

    urls = urls_from(services_environment())
    if "AuthDB" not in urls:
        raise SettingsError(f"{variable('AuthDB')} must be set, as for the services (or DIRACX_SERVICE_DOTENV)")
    databases = Databases({name: url for name, url in urls.items() if name in ("AuthDB", *beside)})
    try:
        yield databases
    finally:
        await databases.close()

"""AuthDB as the environment of the services names it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from diracx_bridge.cli.environment import services_environment

if TYPE_CHECKING:
    from diracx_bridge.db.sql.server import Server


@asynccontextmanager
async def auth_server() -> AsyncIterator[Server]:
    """The server that holds AuthDB; its connections are closed after the block.

    Raises:
        SettingsError: the environment names none.
    """
    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.db.sql.server import Databases
    from diracx_bridge.db.sql.urls import urls_from, variable

    urls = urls_from(services_environment())
    if "AuthDB" not in urls:
        raise SettingsError(f"{variable('AuthDB')} must be set, as for the services (or DIRACX_SERVICE_DOTENV)")
    databases = Databases({"AuthDB": urls["AuthDB"]})
    try:
        yield databases.server_of("AuthDB")
    finally:
        await databases.close()

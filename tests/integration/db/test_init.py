from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.db.sql.auth.schema import refresh_tokens
from diracx_bridge.db.sql.check import check
from diracx_bridge.db.sql.init import create_all
from diracx_bridge.db.sql.schemas import SCHEMAS
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.db.sql.transaction import Transaction
from tests.servers.sql_server import SqlServer

TOKEN = UUID("01a22ee6-b000-7000-8000-000000000001")


async def read_back(databases: Databases) -> UUID:
    """The identifier of a token that was written before."""

    async def work(tx: Transaction) -> UUID:
        await tx.raw(insert(refresh_tokens).values(JTI=TOKEN, Scope="vo:x", Sub="x:1"))
        found: UUID = (await tx.raw(select(refresh_tokens.c.JTI))).scalar_one()
        return found

    return await databases.server_of("AuthDB").write(work)


@pytest.mark.parametrize("files", [1, 5])
async def test_an_embedded_installation_gets_all_tables(tmp_path: Path, files: int) -> None:
    urls = {name: f"sqlite+aiosqlite:///{tmp_path}/{i % files}.db" for i, name in enumerate(SCHEMAS)}
    databases = Databases(urls)
    try:
        created = await create_all(databases)
        assert {name: set(tables) for name, tables in created.items()} == {
            name: {table.name for table in metadata.tables.values()} for name, metadata in SCHEMAS.items()
        }
        assert await create_all(databases) == {name: [] for name in SCHEMAS}
        assert await check(databases) == []
        assert await read_back(databases) == TOKEN
    finally:
        await databases.close()


async def test_authdb_on_a_server_has_monthly_partitions(mariadb: SqlServer, empty_mariadb_url: str) -> None:
    databases = Databases({"AuthDB": empty_mariadb_url})
    try:
        assert set((await create_all(databases))["AuthDB"]) == {"AuthorizationFlows", "DeviceFlows", "RefreshTokens"}
        assert await read_back(databases) == TOKEN
        assert await check(databases, ["AuthDB"]) == []
    finally:
        await databases.close()
    name = empty_mariadb_url.rpartition("/")[2]
    ddl = mariadb.execute("SHOW CREATE TABLE RefreshTokens", name)
    assert ddl.count("PARTITION `p_") == 25
    assert "`JTI` uuid NOT NULL" in ddl


async def test_databases_of_dirac_are_left_to_dirac_on_a_server(empty_mariadb_url: str) -> None:
    databases = Databases({"JobDB": empty_mariadb_url})
    try:
        assert await create_all(databases) == {}
        with pytest.raises(SettingsError, match="dirac-install-db JobDB"):
            await create_all(databases, ["JobDB"])
        with pytest.raises(SettingsError, match="no database that we know"):
            await create_all(databases, ["NoSuchDB"])
    finally:
        await databases.close()

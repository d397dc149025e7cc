"""The SQL of the page on database rights gives a user what the services need."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from diracx_bridge.db.sql.check import check
from diracx_bridge.db.sql.init import create_all
from diracx_bridge.db.sql.server import Databases
from tests.servers.databases import OUR_DATABASES, WorkerDatabases
from tests.servers.sql_server import SqlServer
from tests.unit.docs.documents import DOCS, blocks

from pages.rights import cleanup_grants, grants, init_grants  # isort: skip  # found by the path that `documents` adds

PASSWORD = "a password of your own"
KNOWN = ("JobDB", "JobLoggingDB", "TaskQueueDB", "PilotAgentsDB", "SandboxMetadataDB", "ResourceStatusDB")


@pytest.fixture
def names(mariadb: SqlServer, worker_databases: WorkerDatabases, worker: str) -> Iterator[dict[str, str]]:
    """The databases that the page is about, by the names that they have here; AuthDB and BridgeDB do not exist yet."""
    new = {name: f"{name}OfThePage_{worker}" for name in OUR_DATABASES}
    drop = "; ".join(f"DROP DATABASE IF EXISTS {name}" for name in new.values())
    mariadb.execute(drop)
    yield {**{name: worker_databases.names[name] for name in KNOWN}, **new}
    mariadb.execute(drop)


@pytest.fixture
def user(mariadb: SqlServer, worker: str) -> Iterator[str]:
    """A user without any right."""
    name = f"page_{worker}"
    mariadb.execute(f"DROP USER IF EXISTS '{name}'@'%'; CREATE USER '{name}'@'%' IDENTIFIED BY '{PASSWORD}'")
    yield name
    mariadb.execute(f"DROP USER '{name}'@'%'")


def urls(mariadb: SqlServer, user: str, names: dict[str, str]) -> dict[str, str]:
    password = PASSWORD.replace(" ", "%20")
    server = f"mysql+aiomysql://{user}:{password}@{mariadb.host}:{mariadb.port}"
    return {name: f"{server}/{real}" for name, real in names.items()}


def test_nothing_is_missing_when_the_user_has_the_rights_of_the_page(
    mariadb: SqlServer, user: str, names: dict[str, str]
) -> None:
    account = f"'{user}'@'%'"
    mariadb.execute("\n".join([*init_grants(account, names), *grants(account, names)]))

    async def create_and_check() -> list[str]:
        databases = Databases(urls(mariadb, user, names))
        try:
            assert all((await create_all(databases, OUR_DATABASES)).values())
            return [str(finding) for finding in await check(databases) if "ADD INDEX" not in finding.message]
        finally:
            await databases.close()

    assert asyncio.run(create_and_check()) == []


def test_page_shows_these_statements() -> None:
    shown = "".join(blocks(DOCS / "reference" / "database-rights.md", "sql"))
    for statement in [*grants(), *init_grants(), *cleanup_grants()]:
        assert statement in shown

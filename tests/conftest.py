"""Fixtures that all tests share; `tests/servers/README.md` lists them.

Which servers a test needs follows from its fixtures: it gets a marker and a JUnit property for each.
A server that cannot be installed or started fails its tests; nothing is skipped for it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import chromium as chromium_recipe
from tests.servers import keycloak as keycloak_recipe
from tests.servers import mariadb as mariadb_recipe
from tests.servers import mysql as mysql_recipe
from tests.servers import oidc_provider as oidc_provider_recipe
from tests.servers import opensearch as opensearch_recipe
from tests.servers import peer as peer_recipe
from tests.servers import s3 as s3_recipe
from tests.servers.chromium import ChromeDriver
from tests.servers.databases import DIRAC_DATABASES, OUR_DATABASES, WorkerDatabases
from tests.servers.keycloak import Keycloak
from tests.servers.legacy import Legacy, unpacked_wheel
from tests.servers.oidc_provider import OidcProvider
from tests.servers.opensearch import OpenSearch
from tests.servers.peer import Peer
from tests.servers.process import ServerError
from tests.servers.run import Run
from tests.servers.s3 import S3, OwnS3
from tests.servers.sql_server import SqlServer
from tests.servers.wheel import NAME, begin_session, built_wheel

# fixture -> what the tests that use it need
NEEDS = {
    "mariadb": ("mariadb",),
    "mysql": ("mysql",),
    "opensearch": ("opensearch",),
    "oidc_provider": ("oidc_provider",),
    "own_oidc_provider": ("oidc_provider",),
    "keycloak": ("keycloak",),
    "chromium": ("chromium",),
    "s3": ("s3",),
    "own_s3": ("s3",),
    "legacy": ("legacy", "mariadb", "opensearch"),
    "peer": ("peer",),
    "official_server": ("peer",),
    "cases": ("cases",),
}
OWNED = pytest.StashKey[Run]()

# How fast a machine is, and what else it does, is no property of the code.
# CI judges a change by the same examples each time; new ones are looked for where somebody can look at what they find.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-call", action="store_true", help="send every generated call through services too, not a sample of them"
    )


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a session begins the run; its xdist workers, and a run kept by hand, are joined."""
    begin_session()
    if Run.joined() is None:
        config.stash[OWNED] = Run.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(OWNED, None)
    if run is not None:
        run.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        callspec = getattr(item, "callspec", None)
        kind = callspec.params.get("database_urls") if callspec else None
        if kind is not None:
            fixtures.add(kind)
        needs = {need for fixture in fixtures for need in NEEDS.get(fixture, ())}
        for need in sorted(needs):
            item.add_marker(need)
            item.user_properties.append(("needs", need))
        if needs - {"cases"}:
            item.add_marker("server")


@pytest.fixture(scope="session")
def servers() -> Run:
    """The run that this session belongs to."""
    run = Run.joined()
    if run is None:
        raise ServerError("The run of this session is gone: its servers were stopped or its folder was removed")
    return run


@pytest.fixture(scope="session")
def worker() -> str:
    """The name of this xdist worker among those of all checkouts that share the servers."""
    return f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{NAME}"


@pytest.fixture(scope="session")
def mariadb(servers: Run) -> SqlServer:
    return mariadb_recipe.server(servers)


@pytest.fixture(scope="session")
def mysql(servers: Run) -> SqlServer:
    return mysql_recipe.server(servers)


@pytest.fixture(scope="session")
def opensearch(servers: Run) -> OpenSearch:
    return opensearch_recipe.server(servers)


@pytest.fixture(scope="session")
def oidc_provider(servers: Run) -> OidcProvider:
    """The OpenID provider of this run."""
    return oidc_provider_recipe.server(servers)


@pytest.fixture
def own_oidc_provider(servers: Run, tmp_path: Path) -> Iterator[OidcProvider]:
    """An OpenID provider of this test alone, which may give it faults."""
    with oidc_provider_recipe.own(servers, tmp_path) as provider:
        yield provider


@pytest.fixture(scope="session")
def keycloak(servers: Run) -> Keycloak:
    """The Keycloak of this run."""
    return keycloak_recipe.server(servers)


@pytest.fixture(scope="session")
def s3(servers: Run) -> S3:
    """The S3 server of this run."""
    return s3_recipe.server(servers)


@pytest.fixture
def own_s3(servers: Run, tmp_path: Path) -> Iterator[OwnS3]:
    """An S3 server of this test alone, which may take it down."""
    with s3_recipe.own(servers, tmp_path / "s3") as made:
        yield made


@pytest.fixture(scope="session")
def chromium(servers: Run) -> ChromeDriver:
    """The driver of Chromium of this run; `tests/chromium.py` opens tabs."""
    return chromium_recipe.server(servers)


@pytest.fixture(scope="session")
def peer() -> Peer:
    return peer_recipe.install()


@pytest.fixture(scope="session")
def wheel(servers: Run) -> Path:
    """The wheel of this checkout, built once per session."""
    return built_wheel(servers)


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of real configurations."""
    named = os.environ.get("DIRACX_BRIDGE_CASES")
    if not named:
        pytest.skip("DIRACX_BRIDGE_CASES names no folder of real configurations")
    folder = Path(named).resolve()
    if not folder.is_dir():
        pytest.fail(f"DIRACX_BRIDGE_CASES={named} is no folder")
    return folder


def create_tables(urls: Mapping[str, str]) -> None:
    """Make the tables that our own code makes: all on SQLite, those of AuthDB and BridgeDB on a server."""
    from diracx_bridge.db.sql.init import create_all
    from diracx_bridge.db.sql.server import Databases

    async def create() -> None:
        databases = Databases(urls)
        try:
            await create_all(databases)
        finally:
            await databases.close()

    asyncio.run(create())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One SQLite file with the tables of all databases, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    create_tables(_sqlite_urls(path))
    return path


def _sqlite_urls(path: Path) -> dict[str, str]:
    return dict.fromkeys((*DIRAC_DATABASES, *OUR_DATABASES), f"sqlite+aiosqlite:///{path}")


@pytest.fixture
def sqlite_urls(sqlite_template: Path, tmp_path: Path) -> Mapping[str, str]:
    """URLs of all databases in one fresh SQLite file."""
    path = tmp_path / "databases.db"
    shutil.copyfile(sqlite_template, path)
    return _sqlite_urls(path)


@pytest.fixture(scope="session")
def worker_databases(mariadb: SqlServer, worker: str) -> WorkerDatabases:
    """The databases of this worker with DIRAC's own schema."""
    databases = WorkerDatabases(mariadb, worker)
    create_tables({name: databases.urls()[name] for name in OUR_DATABASES})
    return databases


@pytest.fixture
def mariadb_urls(worker_databases: WorkerDatabases) -> Mapping[str, str]:
    """URLs of all databases on MariaDB, without rows."""
    worker_databases.empty()
    return worker_databases.urls()


@pytest.fixture(scope="session")
def mysql_databases(mysql: SqlServer, worker: str) -> WorkerDatabases:
    """The databases of this worker with DIRAC's own schema, on MySQL."""
    databases = WorkerDatabases(mysql, worker)
    create_tables({name: databases.urls()[name] for name in OUR_DATABASES})
    return databases


@pytest.fixture
def mysql_urls(mysql_databases: WorkerDatabases) -> Mapping[str, str]:
    """URLs of all databases on MySQL, without rows."""
    mysql_databases.empty()
    return mysql_databases.urls()


@pytest.fixture(params=["sqlite", "mariadb", "mysql"])
def database_urls(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """URLs of all databases by name (`JobDB`, `AuthDB`, ...), without rows, once for each kind of server."""
    urls: Mapping[str, str] = request.getfixturevalue(f"{request.param}_urls")
    return urls


@pytest.fixture
def empty_mariadb_url(mariadb: SqlServer, worker: str) -> str:
    """URL of a database without tables."""
    name = f"Empty_{worker}"
    mariadb.execute(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4")
    return mariadb.url(name)


@pytest.fixture
def opensearch_prefix(opensearch: OpenSearch, worker: str) -> Iterator[str]:
    """What the names of all indices of this test start with; they are removed afterwards."""
    prefix = f"{worker}_"
    yield prefix
    opensearch.delete_indices(prefix)


@pytest.fixture(scope="session")
def legacy_installation(
    servers: Run, worker: str, worker_databases: WorkerDatabases, opensearch: OpenSearch, wheel: Path
) -> Iterator[Legacy]:
    """The legacy installation of this worker."""
    installation = Legacy.on(
        servers,
        worker,
        worker_databases.server.port,
        worker_databases.names,
        opensearch.port,
        f"{worker}_",
        unpacked_wheel(servers, wheel),
    )
    yield installation
    installation.stop()


@pytest.fixture
def legacy(legacy_installation: Legacy, mariadb_urls: Mapping[str, str], opensearch_prefix: str) -> Iterator[Legacy]:
    """The real DIRAC on the databases of `mariadb_urls` and the indices of `opensearch_prefix`."""
    yield legacy_installation
    legacy_installation.reset()

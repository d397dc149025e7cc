"""Our server, as `diracx-bridge serve` starts it: one worker, on fresh databases full of jobs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from diracx_bridge.core.settings import SandboxStoreSettings
from tests.installation import commit, settings_for
from tests.live import environment_of
from tests.load import configuration, seed, seed_resources
from tests.load.bare import BareServer
from tests.load.database import Database, MariaDB, SQLite
from tests.load.target import TOKEN_MINUTES, Target
from tests.servers.databases import DIRAC_DATABASES, OUR_DATABASES, WorkerDatabases
from tests.servers.process import call, free_port
from tests.servers.run import Run
from tests.servers.sql_server import SqlServer

COMMAND = (sys.executable, "-c", "from diracx_bridge.cli.main import main; main()")


def start(run: Run, jobs: int, server: SqlServer | None, driver: str, bare: BareServer) -> Target:
    """Our server on ``server`` with DIRAC's own schema, or on one SQLite file if that is None; ``bare`` is its S3."""
    name = f"bridge-{server.kind if server else 'sqlite'}"
    folder = run.folder / name
    folder.mkdir()
    commit(folder / "config.git", configuration.document())
    urls = mariadb_urls(server, "bridge", driver) if server else sqlite_urls(folder / "databases.db")
    env = {
        **environment_of(settings_for(folder, urls, bridge_sandbox_directory=None, sandbox_store=_store(bare))),
        "DIRACX_BRIDGE_CONFIG_FOR_EVERYBODY": "true",  # as the official server
        "DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES": TOKEN_MINUTES,
        "DIRACX_SERVICE_AUTH_REFRESH_TOKEN_EXPIRE_MINUTES": TOKEN_MINUTES,
    }
    call(*COMMAND, "db", "init", log=run.folder / f"{name}.log", env={**os.environ, **env})
    database = opened(server, urls)
    if server is not None:  # as the documentation and `db check` advise
        database.script("ALTER TABLE {JobDB}.Jobs ADD INDEX (VO, Status, Site)")
    seed.fill(database, jobs)
    seed_resources.fill(database)
    port = free_port()
    return Target.start(run, name, port, [*COMMAND, "serve", "--port", str(port)], env, database, jobs)


def _store(bare: BareServer) -> SandboxStoreSettings:
    return SandboxStoreSettings(bucket_name=seed_resources.BUCKET, s3_client_kwargs=bare.s3)


def mariadb_urls(server: SqlServer, owner: str, driver: str) -> dict[str, str]:
    """URLs of new databases with DIRAC's own schema, and of our own without tables."""
    databases = WorkerDatabases(server, owner)
    names = {**{name: databases.names[name] for name in DIRAC_DATABASES}, **databases.ours}
    return {name: server.url(real, driver) for name, real in names.items()}


def sqlite_urls(path: Path) -> dict[str, str]:
    """URLs of all databases in one file."""
    return dict.fromkeys((*DIRAC_DATABASES, *OUR_DATABASES), f"sqlite+aiosqlite:///{path}")


def opened(server: SqlServer | None, urls: Mapping[str, str]) -> Database:
    """Plain access to the databases at ``urls``."""
    databases = {name: make_url(url).database or "" for name, url in urls.items()}
    if server is not None:
        return MariaDB(server, databases)
    return SQLite({name: Path(path) for name, path in databases.items()})

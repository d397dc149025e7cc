"""The official DiracX server 0.7.0 from PyPI, unmodified, in an environment of its own, to compare with.

It needs S3 and OpenSearch at its start; the bare server stands in for both, as no scenario stores anything there.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from tests.installation import HASHED_API_KEY, commit, settings_for
from tests.load import configuration, seed, seed_resources
from tests.load.bare import BareServer
from tests.load.ours import mariadb_urls, opened
from tests.load.target import TOKEN_MINUTES, Target
from tests.servers import cache, interpreter
from tests.servers.databases import DIRAC_DATABASES
from tests.servers.peer import CONSTRAINTS, VERSION
from tests.servers.process import ServerError, call, free_port
from tests.servers.run import Run
from tests.servers.sql_server import SqlServer

PACKAGES = ("diracx-core", "diracx-db", "diracx-logic", "diracx-routers")
# The official packages don't ask for the last two; without them uvicorn is slower.
SERVER = ("uvicorn", "uvloop", "httptools")


def install() -> Path:
    """The interpreter of the environment, made when it is not in the cache yet."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    base = interpreter.find_python(version)
    if base is None:
        raise ServerError(f"No Python {version} here that can make virtual environments")

    def make(target: Path) -> None:
        packages = [f"{name}=={VERSION}" for name in PACKAGES]
        interpreter.make(base, target / "venv", *packages, *SERVER, "-c", CONSTRAINTS, log=target / "pip.log")

    recipe = cache.digest(CONSTRAINTS.read_bytes(), *PACKAGES, *SERVER)
    return cache.installed(f"official-server-{VERSION}-py{version}-{recipe}", make) / "venv" / "bin" / "python"


def start(
    run: Run,
    jobs: int,
    server: SqlServer | None,
    bare: BareServer,
    document: Callable[[], bytes] = configuration.document,
) -> Target:
    """The official server on ``server`` with DIRAC's own schema, or on SQLite files with its own if that is None."""
    python = install()
    name = f"official-{server.kind if server else 'sqlite'}"
    folder = run.folder / name
    folder.mkdir()
    commit(folder / "config.git", document())
    if server is not None:
        urls = mariadb_urls(server, "official", "aiomysql")
    else:
        urls = {each: f"sqlite+aiosqlite:///{folder / each}.db" for each in (*DIRAC_DATABASES, "AuthDB")}
    env = _environment(folder, urls, bare)
    clean = interpreter.clean_environment()
    ours_to_make = urls if server is None else {"AuthDB": urls["AuthDB"]}
    only = {**{k: v for k, v in env.items() if "_DB_URL_" not in k}, **_url_variables(ours_to_make)}
    call(python, "-m", "diracx.db", "init-sql", log=run.folder / f"{name}.log", env={**clean, **only})
    database = opened(server, urls)
    seed.fill(database, jobs)
    seed_resources.fill(database)
    port = free_port()
    env["DIRACX_SERVICE_AUTH_TOKEN_ISSUER"] = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [
        python,
        "-m",
        "uvicorn",
        "--factory",
        "diracx.routers.factory:create_app",
        "--host",
        "127.0.0.1",
    ]
    return Target.start(
        run, name, port, [*command, "--port", str(port), "--no-access-log"], {**env, "OTEL_SDK_DISABLED": "true"},
        database, jobs, most_jobs=20,
    )  # fmt: skip


def _environment(folder: Path, urls: dict[str, str], bare: BareServer) -> dict[str, str]:
    settings_for(folder, urls)  # makes the keys
    opensearch = {"hosts": bare.url, "use_ssl": False}
    return {
        **_url_variables(urls),
        "DIRACX_CONFIG_BACKEND_URL": f"git+file://{folder / 'config.git'}",
        "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE": f"file://{folder / 'keys.json'}",
        "DIRACX_SERVICE_AUTH_STATE_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS": "[]",
        "DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES": TOKEN_MINUTES,
        "DIRACX_SERVICE_AUTH_REFRESH_TOKEN_EXPIRE_MINUTES": TOKEN_MINUTES,
        "DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY": HASHED_API_KEY,
        "DIRACX_OS_DB_JOBPARAMETERSDB": json.dumps(opensearch),
        "DIRACX_SANDBOX_STORE_BUCKET_NAME": seed_resources.BUCKET,
        "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS": json.dumps(bare.s3),
        "PATH": os.environ["PATH"],
    }


def _url_variables(urls: dict[str, str]) -> dict[str, str]:
    return {f"DIRACX_DB_URL_{name.upper()}": url for name, url in urls.items()}

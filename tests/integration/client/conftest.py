"""Servers that the client and its command line are tried on: ours, and the official one."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from diracx_bridge.client.credentials import Credentials, write_credentials
from tests.installation import CONFIGURATION, LEGACY_AUTHORIZATION, commit, settings_for
from tests.integration.client.terminal import Screen, on_terminal
from tests.jobs import Jobs
from tests.live import serving
from tests.load import configuration, official
from tests.load.bare import BareServer
from tests.servers.databases import DIRAC_DATABASES, OUR_DATABASES
from tests.servers.oidc_provider import OidcProvider
from tests.servers.run import Run

COMMAND = (sys.executable, "-c", "from diracx_bridge.cli.main import main; main()")
"""What is run as ``diracx-bridge``."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user who is logged in to a running server, and jobs of his."""

    url: str
    credentials: Path
    jobs: tuple[int, ...]
    official: bool

    def environment(self, **more: str) -> dict[str, str]:
        """The variables with which the client finds this server and user."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DIRACX_") and k != "X509_USER_PROXY"}
        return {**kept, "DIRACX_URL": self.url, "DIRACX_CREDENTIALS_PATH": str(self.credentials), **more}

    def terminal(self, *arguments: str, columns: int = 80, **more: str) -> Screen:
        """``diracx-bridge`` with ``arguments`` in a terminal."""
        return on_terminal([*COMMAND, *arguments], self.environment(**more), columns)


def signed_in(url: str, user: str, vo: str, group: str, folder: Path) -> Path:
    """A credentials file of this user."""
    answer = httpx.get(
        f"{url}/api/auth/legacy-exchange",
        params={"preferred_username": user, "scope": f"vo:{vo} group:{group}"},
        headers={"Authorization": LEGACY_AUTHORIZATION},
    )
    path = folder / f"{user}.json"
    write_credentials(path, Credentials.of_answer(answer.raise_for_status().json()))
    return path


@pytest.fixture(scope="session")
def bridge(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, oidc_provider: OidcProvider
) -> Iterator[Account]:
    """Our server on SQLite, and alice with three jobs."""
    from diracx_bridge.db.sql.server import Databases

    folder = tmp_path_factory.mktemp("bridge")
    shutil.copyfile(sqlite_template, folder / "databases.db")
    urls = dict.fromkeys((*DIRAC_DATABASES, *OUR_DATABASES), f"sqlite+aiosqlite:///{folder / 'databases.db'}")

    async def add() -> list[int]:
        databases = Databases(urls)
        try:
            jobs = Jobs(databases.server_of("JobDB", "JobLoggingDB"))
            return await jobs.add(3, Status="Running", MinorStatus="Application", Site="LCG.Example.org")
        finally:
            await databases.close()

    ids = asyncio.run(add())
    content = yaml.safe_load(CONFIGURATION.read_bytes())
    content["Registry"]["gridlab"]["IdP"] = {"URL": oidc_provider.issuer, "ClientID": oidc_provider.client_id}
    commit(folder / "config.git", yaml.safe_dump(content).encode())
    with serving(settings_for(folder, urls), folder) as live:
        yield Account(live.url, signed_in(live.url, "alice", "gridlab", "gridlab_user", folder), tuple(ids), False)


@pytest.fixture(scope="session")
def official_server(tmp_path_factory: pytest.TempPathFactory, oidc_provider: OidcProvider) -> Iterator[Account]:
    """The official server 0.7.0 on SQLite, and alice with jobs of hers."""
    folder = tmp_path_factory.mktemp("official")
    run = Run(folder)
    try:
        document = functools.partial(configuration.document, oidc_provider.issuer, oidc_provider.client_id)
        target = official.start(run, 20, None, BareServer(run), document)
        path = folder / "alice.json"
        write_credentials(path, Credentials.of_answer(target.tokens))
        yield Account(f"http://127.0.0.1:{target.port}", path, (1, 2, 3), True)
    finally:
        run.end()


@pytest.fixture(params=["bridge", "official_server"])
def account(request: pytest.FixtureRequest) -> Account:
    """A user at our server, and at the official one."""
    found: Account = request.getfixturevalue(request.param)
    return found

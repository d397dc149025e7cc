"""A small installation for tests: configuration repository, keys, settings, and the application on given databases."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pygit2
from fastapi import FastAPI
from pydantic import SecretStr

from diracx_bridge.core.settings import AuthSettings, Settings
from diracx_bridge.db.sql.urls import variable
from diracx_bridge.services.app import create_app
from diracx_bridge.services.auth import keys

API_KEY = b"a key that only the tests know!!"
HASHED_API_KEY = hashlib.sha256(API_KEY).hexdigest()
LEGACY_AUTHORIZATION = "Bearer diracx:legacy:" + base64.urlsafe_b64encode(API_KEY).decode()
ISSUER = "https://bridge.example.org"
WEB_REDIRECT = "https://bridge.example.org/#authentication-callback"
REDIRECT = "https://app.example.org/callback?from=bridge"
RATE_LIMITS = ("bridge_rate_limit_token", "bridge_rate_limit_login", "bridge_rate_limit_legacy")
CONFIGURATION = Path(__file__).parent / "integration" / "services" / "default.yml"


def commit(repository: Path, content: bytes, message: str = "change") -> str:
    """Commit ``content`` as default.yml on master of a repository, made if there is none; returns the hash."""
    repo = (
        pygit2.Repository(str(repository))
        if repository.exists()
        else pygit2.init_repository(str(repository), bare=True)
    )
    tree = repo.TreeBuilder()
    tree.insert("default.yml", repo.create_blob(content), pygit2.enums.FileMode.BLOB)
    author = pygit2.Signature("tests", "tests@example.org")
    name = "refs/heads/master"
    parents = [repo.references[name].target] if name in repo.references else []
    return str(repo.create_commit(name, author, author, message, tree.write(), parents))


def settings_for(
    folder: Path, database_urls: Mapping[str, str], *, auth: Mapping[str, Any] = MappingProxyType({}), **more: Any
) -> Settings:
    """Settings of an installation in ``folder`` on these databases; job parameters in SQLite unless told otherwise.

    ``auth`` are settings of the tokens, ``more`` all others.
    """
    store = folder / "keys.json"
    if not store.exists():
        keys.create(store)
    repository = folder / "config.git"
    if not repository.exists():
        commit(repository, CONFIGURATION.read_bytes())
    chosen: dict[str, Any] = {
        "config_backend_url": f"git+file://{repository}",
        "legacy_exchange_hashed_api_key": HASHED_API_KEY,
        **dict.fromkeys(RATE_LIMITS, 0),
        "bridge_job_parameters_file": folder / "parameters.db",
        "auth": AuthSettings(
            token_issuer=ISSUER,
            token_keystore=SecretStr(str(store)),
            **{"allowed_redirects": [WEB_REDIRECT, REDIRECT], **auth},
        ),
        "bridge_sandbox_directory": folder / "sandboxes",
        **{_setting(name): SecretStr(url) for name, url in database_urls.items()},
        **more,
    }
    return Settings(**chosen)


def _setting(database: str) -> str:
    return variable(database).lower().removeprefix("diracx_")


class Installation:
    """A running application and ways to talk to it as one of the users of ``default.yml``."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient, folder: Path) -> None:
        self.app = app
        self.http = http
        self.folder = folder
        self._tokens: dict[tuple[str, str], str] = {}

    @property
    def runtime(self) -> Any:
        return self.app.state.runtime

    async def exchange(self, user: str, group: str, **query: Any) -> httpx.Response:
        """The answer to DIRAC asking for tokens of this user."""
        vo = group.partition("_")[0]
        params = {"preferred_username": user, "scope": f"vo:{vo} group:{group}", **query}
        return await self.http.get(
            "/api/auth/legacy-exchange", params=params, headers={"Authorization": LEGACY_AUTHORIZATION}
        )

    async def headers(self, user: str = "alice", group: str = "gridlab_user") -> dict[str, str]:
        """Headers with an access token."""
        if (user, group) not in self._tokens:
            answer = await self.exchange(user, group)
            answer.raise_for_status()
            self._tokens[user, group] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self._tokens[user, group]}"}

    async def call(
        self, method: str, path: str, body: Any = None, *, user: str = "alice", group: str = "gridlab_user", **more: Any
    ) -> httpx.Response:
        """Call a route as this user, with a JSON body."""
        return await self.http.request(method, path, json=body, headers=await self.headers(user, group), **more)


@asynccontextmanager
async def running(folder: Path, database_urls: Mapping[str, str], **more: Any) -> AsyncIterator[Installation]:
    """An installation that runs within this block."""
    app = create_app(settings_for(folder, database_urls, **more))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://bridge.example.org") as http:
            yield Installation(app, http, folder)

"""The service as a process of its own, with an identity provider for its VOs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.installation import CONFIGURATION, commit, settings_for
from tests.live import LiveServer, serving
from tests.servers.oidc_provider import OidcProvider

Serve = Callable[..., AbstractContextManager[LiveServer]]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Start the service: `serve(database_urls, issuer, **settings)`."""

    @contextmanager
    def start(urls: Mapping[str, str], issuer: str, **more: Any) -> Iterator[LiveServer]:
        configuration = CONFIGURATION.read_text()
        for vo in ("gridlab", "biolab"):
            configuration = configuration.replace(f"https://idp.example.org/{vo}", issuer)
        commit(tmp_path / "config.git", configuration.encode())
        with serving(settings_for(tmp_path, urls, **more), tmp_path) as server:
            yield server

    return start


@pytest.fixture
def live(serve: Serve, sqlite_urls: Mapping[str, str], oidc_provider: OidcProvider) -> Iterator[LiveServer]:
    """The service on SQLite, whose users log in at the OpenID provider."""
    with serve(sqlite_urls, oidc_provider.issuer) as server:
        yield server

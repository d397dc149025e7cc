"""One credentials file for the official client and ours."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from diracx_bridge.client import Credentials, LegacyExchange, Preferences, SyncDiracxClient, write_credentials
from tests.installation import LEGACY_AUTHORIZATION, settings_for
from tests.live import LiveServer, serving
from tests.servers.peer import Peer

SCRIPT = Path(__file__).parent / "scripts" / "official_userinfo.py"


@pytest.fixture
def server(sqlite_urls: Mapping[str, str], tmp_path: Path) -> Iterator[LiveServer]:
    with serving(settings_for(tmp_path, sqlite_urls), tmp_path) as started:
        yield started


@pytest.fixture
def path(server: LiveServer, tmp_path: Path) -> Path:
    """A credentials file of alice that our client wrote; its access token is about to end."""

    answer = httpx.get(
        f"{server.url}/api/auth/legacy-exchange",
        params={"preferred_username": "alice", "scope": "vo:gridlab group:gridlab_user property:NormalUser"},
        headers={"Authorization": LEGACY_AUTHORIZATION},
    ).json()
    made = tmp_path / "credentials.json"
    write_credentials(made, Credentials(answer["access_token"], int(time.time()) + 100, answer["refresh_token"]))
    return made


def official(peer: Peer, server: LiveServer, path: Path) -> dict[str, Any]:
    done = peer.run(SCRIPT, env={"DIRACX_URL": server.url, "DIRACX_CREDENTIALS_PATH": str(path)})
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def ours(server: LiveServer, path: Path) -> str:
    with SyncDiracxClient(preferences=Preferences(server.url, credentials_path=path)) as client:
        return client.auth.userinfo().preferred_username


def test_official_client_renews_and_uses_the_file_that_we_wrote(peer: Peer, server: LiveServer, path: Path) -> None:
    before = json.loads(path.read_text())
    assert official(peer, server, path)["preferred_username"] == "alice"
    after = json.loads(path.read_text())
    assert after["expires_on"] > before["expires_on"] + 600
    assert ours(server, path) == "alice"
    assert json.loads(path.read_text()) == after


def test_official_client_uses_the_token_that_we_renewed(peer: Peer, server: LiveServer, path: Path) -> None:
    assert ours(server, path) == "alice"
    renewed = json.loads(path.read_text())
    assert renewed["expires_on"] > time.time() + 600
    assert official(peer, server, path)["preferred_username"] == "alice"
    assert json.loads(path.read_text()) == renewed


def test_legacy_exchange_gives_a_token_that_the_server_accepts(server: LiveServer) -> None:
    key = LEGACY_AUTHORIZATION.removeprefix("Bearer ")
    with LegacyExchange(server.url, key) as exchange:
        source = exchange.source("alice", "gridlab", "gridlab_user", ["NormalUser"])
        with SyncDiracxClient(server.url, tokens=source) as client:
            assert client.auth.userinfo().dirac_group == "gridlab_user"

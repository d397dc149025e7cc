"""One AuthDB and one key store for an official DiracX server and ours: each goes on with what the other began."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.installation import ISSUER, WEB_REDIRECT, Installation
from tests.integration.services.fake_provider import FakeProvider
from tests.integration.services.logins import (
    CLIENT,
    DEVICE_CODE,
    SCOPE,
    VERIFIER,
    code_for,
    log_in,
    log_in_device,
    poll,
    refresh,
    start_device,
)
from tests.servers import interpreter
from tests.servers.process import free_port

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite", "mariadb"], indirect=True)
OFF = ("JOBS", "PILOTS", "RSS", "CONFIG", "HEALTH")


@pytest.fixture
async def official(
    official_server: Path, installation: Installation, database_urls: Mapping[str, str], tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The official server on the database, the keys and the configuration of ``installation``."""
    port = free_port()
    environment = {
        **interpreter.clean_environment(),
        "DIRACX_CONFIG_BACKEND_URL": f"git+file://{tmp_path / 'config.git'}",
        "DIRACX_DB_URL_AUTHDB": database_urls["AuthDB"],
        "DIRACX_SERVICE_AUTH_TOKEN_ISSUER": ISSUER,
        "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE": f"file://{tmp_path / 'keys.json'}",
        "DIRACX_SERVICE_AUTH_STATE_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS": f'["{WEB_REDIRECT}"]',
        "OTEL_SDK_DISABLED": "true",
        **{f"DIRACX_SERVICE_{name}_ENABLED": "false" for name in OFF},
    }
    app = ["-m", "uvicorn", "--factory", "diracx.routers.factory:create_app", "--port", str(port)]
    with process_of([official_server, *app], environment, tmp_path / "official.log") as process:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            await _wait(http, process)
            yield http


@contextmanager
def process_of(command: list[Path | str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has ended after the block; if the block fails, its log is shown."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield process
    except AssertionError:
        print(log.read_text()[-3000:])
        raise
    finally:
        process.terminate()
        process.wait(30)


async def _wait(http: httpx.AsyncClient, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if (await http.get("/.well-known/dirac-metadata")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("The official server did not start")


async def token(official: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await official.post("/api/auth/token", data={"client_id": CLIENT, **form})


async def test_each_server_goes_on_with_what_the_other_began(
    installation: Installation, provider: FakeProvider, official: httpx.AsyncClient
) -> None:
    # a code and a device code of ours are exchanged by the official server
    code = await code_for(installation, provider)
    redeemed = await token(
        official, grant_type="authorization_code", code=code, redirect_uri=WEB_REDIRECT, code_verifier=VERIFIER
    )
    assert redeemed.status_code == 200, redeemed.text
    begun = await start_device(installation)
    assert (await token(official, grant_type=DEVICE_CODE, device_code=begun["device_code"])).json() == {
        "error": "authorization_pending"
    }
    await log_in_device(installation, provider, begun)
    polled = await token(official, grant_type=DEVICE_CODE, device_code=begun["device_code"])
    assert polled.status_code == 200, polled.text

    # a device login that the official server began is done by ours
    answer = await official.post("/api/auth/device", params={"client_id": CLIENT, "scope": SCOPE})
    theirs: dict[str, Any] = answer.json()
    here = {**theirs, "verification_uri_complete": f"/api/auth/device?user_code={theirs['user_code']}"}
    assert (await log_in_device(installation, provider, here)).status_code == 307
    assert (await poll(installation, theirs)).status_code == 200

    # refreshing by turns
    current = redeemed.json()["refresh_token"]
    for _ in range(2):
        ours = await refresh(installation, current)
        assert ours.status_code == 200, ours.text
        official_answer = await token(official, grant_type="refresh_token", refresh_token=ours.json()["refresh_token"])
        assert official_answer.status_code == 200, official_answer.text
        current = official_answer.json()["refresh_token"]

    # what the official server replaced has no grace, here neither
    replaced = ours.json()["refresh_token"]
    assert (await refresh(installation, replaced)).status_code == 401
    assert (await token(official, grant_type="refresh_token", refresh_token=current)).status_code == 401


async def test_both_servers_accept_and_list_the_same_tokens(
    installation: Installation, provider: FakeProvider, official: httpx.AsyncClient
) -> None:
    ours = await log_in(installation, provider)
    theirs = (await token(official, grant_type="refresh_token", refresh_token=ours["refresh_token"])).json()
    await log_in(installation, provider)
    for issued in (ours, theirs):
        headers = {"Authorization": f"Bearer {issued['access_token']}"}
        for path in ("/api/auth/userinfo", "/api/auth/refresh-tokens"):
            here = await installation.http.get(path, headers=headers)
            there = await official.get(path, headers=headers)
            assert here.status_code == there.status_code == 200
            assert in_any_order(here.json()) == in_any_order(there.json())
    assert len(here.json()) == 2


def in_any_order(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: in_any_order(value) for name, value in node.items()}
    return sorted(node, key=str) if isinstance(node, list) else node

"""The example extension: its service, its operations of both faces, its models and its commands."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.installation import settings_for
from tests.integration.client.conftest import COMMAND, Account, signed_in
from tests.live import serving

EXTENSION = Path(__file__).parents[2] / "example_extension"
BOTH_FACES = """
import asyncio
from diracx_bridge.client import AsyncDiracxClient, SyncDiracxClient

async def asynchronous():
    async with AsyncDiracxClient() as client:
        return await client.lollygag.greet(times=2)

with SyncDiracxClient() as client:
    print(client.lollygag.greet(times=2) == asyncio.run(asynchronous()), type(client.lollygag.greet()).__name__)
"""


@pytest.fixture
def account(sqlite_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Our server with the extension, and alice."""
    monkeypatch.setenv("PYTHONPATH", str(EXTENSION))
    with serving(settings_for(tmp_path, sqlite_urls), tmp_path) as live:
        yield Account(live.url, signed_in(live.url, "alice", "gridlab", "gridlab_user", tmp_path), (), False)


def run(account: Account, *command: str) -> str:
    done = subprocess.run(command, env=account.environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_extension_adds_commands_operations_and_models(account: Account) -> None:
    assert "Lollygag." in run(account, *COMMAND, "--help")
    said = json.loads(run(account, *COMMAND, "lollygag", "greet", "--times", "3"))
    assert said == {"greeting": "Hello alice!!!", "times": 3}
    assert run(account, sys.executable, "-c", BOTH_FACES).split() == ["True", "Greeting"]


def test_operations_that_nobody_registers_are_an_error_that_names_them() -> None:
    from diracx_bridge.client import FixedToken, SyncDiracxClient

    with SyncDiracxClient("http://localhost", tokens=FixedToken("")) as client:
        with pytest.raises(AttributeError, match="'lollygag', and no extension registers them"):
            _ = client.lollygag
        assert not hasattr(client, "_nothing")

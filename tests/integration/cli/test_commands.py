"""The command line as users run it, in processes of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.installation import settings_for
from tests.live import environment_of, serving

COMMAND = (sys.executable, "-c", "from diracx_bridge.cli.main import main; main()")
CHECKOUT = Path(__file__).parents[3]


def environment(**more: str) -> dict[str, str]:
    return {**{k: v for k, v in os.environ.items() if not k.startswith("DIRACX_")}, "COLUMNS": "120", **more}


def run(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**(env or {})), capture_output=True, text=True, timeout=120, check=False
    )


def test_help_lists_the_commands_without_loading_the_server_half() -> None:
    heavy = ("fastapi", "sqlalchemy", "opensearchpy", "pydantic", "yaml", "httpx", "asyncio")
    probe = f"import sys, diracx_bridge.cli.main; print([m for m in {heavy} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
    shown = run("--help")
    assert shown.returncode == 0
    for name in ("cs", "db", "demo", "keys", "serve"):
        assert re.search(rf"\b{name}\b", shown.stdout)


def test_a_key_store_is_private_is_never_overwritten_and_keeps_former_keys_when_rotated(tmp_path: Path) -> None:
    store = tmp_path / "keys.json"
    assert run("keys", "create", str(store)).returncode == 0
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    first = store.read_text()
    again = run("keys", "create", str(store))
    assert (again.returncode, store.read_text()) == (1, first)
    assert "keys rotate" in again.stderr
    assert "Traceback" not in again.stderr
    assert run("keys", "rotate", str(store), "--kind", "RSA").returncode == 0
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    new, old = json.loads(store.read_text())["keys"]
    assert (new["kty"], new["alg"], new["key_ops"]) == ("RSA", "RS256", ["sign", "verify"])
    assert (old["kty"], old["alg"], old["key_ops"]) == ("OKP", "Ed25519", ["verify"])
    assert old["kid"] == json.loads(first)["keys"][0]["kid"]


def test_serve_names_every_setting_that_is_missing() -> None:
    refused = run("serve")
    assert refused.returncode == 1
    assert "DIRACX_CONFIG_BACKEND_URL must be set" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serve_says_in_one_line_why_it_cannot_start(tmp_path: Path, sqlite_urls: Mapping[str, str]) -> None:
    settings = settings_for(tmp_path, sqlite_urls, config_backend_url=f"git+file://{tmp_path}/nowhere.git")
    refused = run("serve", "--port", "0", env=environment_of(settings))
    assert refused.returncode != 0
    assert "Can't start" in refused.stderr
    assert "nowhere.git" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serve_ends_cleanly_when_it_is_told_to(tmp_path: Path, sqlite_urls: Mapping[str, str]) -> None:
    with serving(settings_for(tmp_path, sqlite_urls), tmp_path) as server:
        assert httpx.get(f"{server.url}/api/health/ready").json() == {"status": "ready"}
        process = server.process
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
    assert "Traceback" not in server.log.read_text()


def test_no_secret_reaches_the_log(tmp_path: Path, sqlite_urls: Mapping[str, str]) -> None:
    from tests.installation import API_KEY, HASHED_API_KEY, LEGACY_AUTHORIZATION

    with serving(settings_for(tmp_path, sqlite_urls), tmp_path) as server:
        params = {"preferred_username": "alice", "scope": "vo:gridlab"}
        headers = {"Authorization": LEGACY_AUTHORIZATION}
        issued = httpx.get(f"{server.url}/api/auth/legacy-exchange", params=params, headers=headers).json()
        data = {"grant_type": "refresh_token", "client_id": "myDIRACClientID", "refresh_token": issued["refresh_token"]}
        assert httpx.post(f"{server.url}/api/auth/token", data=data).is_success
        assert httpx.post(f"{server.url}/api/auth/token", data={**data, "grant_type": "magic"}).status_code == 400
    logged = server.log.read_text()
    assert "token issued" in logged
    for secret in (issued["access_token"], issued["refresh_token"], HASHED_API_KEY, LEGACY_AUTHORIZATION, str(API_KEY)):
        assert secret not in logged


@pytest.fixture
def demo_directory(tmp_path: Path) -> Path:
    return tmp_path / "demo"


def test_the_demo_does_the_main_job_and_ends_by_itself(demo_directory: Path) -> None:
    cfg = str(CHECKOUT / "examples" / "dirac.cfg")
    for _ in range(2):  # the installation is kept and used again
        done = run("demo", "--exit", "--directory", str(demo_directory), "--cfg", cfg)
        assert done.returncode == 0, done.stderr
        assert "Status: Matched -> Running" in done.stdout
        assert "{'Kill': ''}" in done.stdout
        assert "but legacy gives" not in done.stdout
    for name in ("keys.json", "legacy-exchange.key"):
        assert stat.S_IMODE((demo_directory / name).stat().st_mode) == 0o600


def test_the_demo_serves_until_it_is_interrupted(demo_directory: Path) -> None:
    arguments = ("demo", "--directory", str(demo_directory), "--cfg", str(CHECKOUT / "examples" / "dirac.cfg"))
    with subprocess.Popen(
        [*COMMAND, *arguments], env=environment(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = next(match[1] for line in process.stdout if (match := re.search(r"runs at (http://\S+) until", line)))
        assert httpx.get(f"{url}/api/docs").is_success
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(30) == 0
    assert "the installation stays in" in rest

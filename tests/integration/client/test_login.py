"""Logging in and out on the command line, with a real identity provider."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import httpx

from tests.integration.client.conftest import COMMAND, Account
from tests.load.configuration import SUBJECT
from tests.login import Browser


def agree(page: str, subject: str) -> None:
    """What the user does in a browser: open the page, log in at the identity provider, come back."""
    with Browser(subject) as browser:
        provider = httpx.get(page).headers["Location"]
        assert httpx.get(browser.back_from(provider), follow_redirects=True).is_success


def test_login_whoami_logout(account: Account, tmp_path: Path) -> None:
    path = tmp_path / "cache" / "credentials.json"
    env = account.environment(DIRACX_CREDENTIALS_PATH=str(path))
    vo, subject = ("bench", SUBJECT) if account.official else ("gridlab", "sub-alice")
    with subprocess.Popen([*COMMAND, "login", vo], env=env, stderr=subprocess.PIPE, text=True) as login:
        assert login.stderr is not None
        page = next(line.strip() for line in login.stderr if line.startswith("    http"))
        agree(page, subject)
        said = login.stderr.read()
    assert login.returncode == 0, said
    assert f"Logged in; the token is in {path}" in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False)

    assert json.loads(run("whoami").stdout)["preferred_username"] == "alice"
    refresh_token = json.loads(path.read_text())["refresh_token"]
    assert run("logout").stderr == "Logged out\n"
    assert not path.exists()
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "myDIRACClientID"}
    assert httpx.post(f"{account.url}/api/auth/token", data=form).status_code in (400, 401)
    assert "You were not logged in" in run("logout").stderr


def test_a_vo_that_does_not_exist_is_named_with_those_that_do(account: Account) -> None:
    done = subprocess.run(
        [*COMMAND, "login", "nolab"], env=account.environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "There is no VO 'nolab' here, only" in done.stderr

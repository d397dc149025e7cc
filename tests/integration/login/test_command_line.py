"""The official command line 0.7.0 logs in by the device flow at a real OpenID provider."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.integration.login.command_line import CommandLine, refresh
from tests.integration.login.conftest import Serve
from tests.live import SERVE, LiveServer
from tests.login import Browser
from tests.servers.oidc_provider import OidcProvider
from tests.servers.peer import Peer


def test_a_user_logs_in_is_known_and_logs_out(
    serve: Serve, mariadb_urls: Mapping[str, str], oidc_provider: OidcProvider, peer: Peer, tmp_path: Path
) -> None:
    with serve(mariadb_urls, oidc_provider.issuer) as live, Browser("sub-alice") as browser:
        dirac = CommandLine(peer, live.url, tmp_path)
        page, code, said = dirac.log_in(browser, "gridlab", "--group", "gridlab_prod")
        assert (page.status_code, "close the window" in page.text) == (200, True)
        assert code == 0, said
        user = json.loads(dirac.run("whoami").stdout)
        assert (user["preferred_username"], user["vo"], user["dirac_group"]) == ("alice", "gridlab", "gridlab_prod")
        token = dirac.refresh_token
        assert refresh(live.url, token).status_code == 200
        done = dirac.run("logout")
        assert done.returncode == 0, done.stderr
        assert not dirac.credentials.exists()
        assert refresh(live.url, token).status_code in (400, 401)


def test_processes_of_both_clients_share_one_renewal(live: LiveServer, peer: Peer, tmp_path: Path) -> None:
    dirac = CommandLine(peer, live.url, tmp_path)
    with Browser("sub-alice") as browser:
        assert dirac.log_in(browser, "gridlab")[1] == 0
    before = json.loads(dirac.credentials.read_text())
    dirac.credentials.write_text(json.dumps({**before, "expires_on": int(time.time()) + 100}))
    env = {**os.environ, "DIRACX_URL": live.url, "DIRACX_CREDENTIALS_PATH": str(dirac.credentials)}

    def ours() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", SERVE, "whoami", "--json"]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    with ThreadPoolExecutor(5) as pool:
        started = [pool.submit(ours) for _ in range(3)] + [pool.submit(dirac.run, "whoami") for _ in range(2)]
        ended = [process.result() for process in started]
    assert [(done.returncode, done.stderr) for done in ended if done.returncode] == []
    assert {json.loads(done.stdout)["preferred_username"] for done in ended} == {"alice"}
    after = dirac.refresh_token
    assert after != before["refresh_token"]
    # a second renewal with the first token would have ended the session
    assert refresh(live.url, after).status_code == 200


def test_somebody_whom_the_vo_does_not_know_gets_no_tokens(live: LiveServer, peer: Peer, tmp_path: Path) -> None:
    dirac = CommandLine(peer, live.url, tmp_path)
    with Browser("sub-stranger") as browser:
        page, code, said = dirac.log_in(browser, "gridlab")
    assert page.status_code == 403, page.text
    assert code != 0, said
    assert not dirac.credentials.exists()


def test_a_suspended_user_gets_no_tokens(live: LiveServer, peer: Peer, tmp_path: Path) -> None:
    dirac = CommandLine(peer, live.url, tmp_path)
    with Browser("sub-mallory") as browser:
        page, code, said = dirac.log_in(browser, "gridlab")
    assert (page.status_code, "suspended" in page.text) == (403, True)
    assert code != 0, said
    assert not dirac.credentials.exists()

"""Both flows at Keycloak, which sites run: the official command line, and a web application in Chromium."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.integration.login.command_line import CommandLine
from tests.integration.login.conftest import Serve
from tests.integration.login.web import in_chromium
from tests.login import Browser
from tests.servers.chromium import ChromeDriver
from tests.servers.keycloak import Keycloak
from tests.servers.peer import Peer


def test_a_user_of_keycloak_logs_in_from_the_command_line(
    serve: Serve, sqlite_urls: Mapping[str, str], keycloak: Keycloak, peer: Peer, tmp_path: Path
) -> None:
    with serve(sqlite_urls, keycloak.issuer) as live, Browser("alice", "alice's password") as browser:
        dirac = CommandLine(peer, live.url, tmp_path)
        page, code, said = dirac.log_in(browser, "gridlab")
        assert (page.status_code, code) == (200, 0), said
        assert json.loads(dirac.run("whoami").stdout)["sub"] == "gridlab:sub-alice"
        assert dirac.run("logout").returncode == 0


def test_a_user_of_keycloak_logs_in_at_a_web_application(
    serve: Serve, sqlite_urls: Mapping[str, str], keycloak: Keycloak, chromium: ChromeDriver
) -> None:
    with in_chromium(chromium, serve, sqlite_urls, keycloak.issuer) as web:
        web.go_to_login()
        web.tab.wait_for_url(f"{keycloak.issuer}/protocol/openid-connect/auth")
        web.tab.type("#username", "alice")
        web.tab.type("#password", "alice's password")
        web.tab.click("#kc-login")
        web.come_back()
        assert web.call("/api/auth/userinfo")["preferred_username"] == "alice"

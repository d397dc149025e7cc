"""The official command line `dirac`, whose user does the browser's part of a login."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from subprocess import CompletedProcess

import httpx

from tests.login import Browser
from tests.servers.peer import Peer


class CommandLine:
    """`dirac` with a home of its own, talking to the service at ``url``."""

    def __init__(self, peer: Peer, url: str, home: Path) -> None:
        self._peer = peer
        self.credentials = home / "credentials.json"
        self._env = {"DIRACX_URL": url, "DIRACX_CREDENTIALS_PATH": str(self.credentials), "HOME": os.environ["HOME"]}

    def log_in(self, browser: Browser, *arguments: str) -> tuple[httpx.Response, int, str]:
        """`dirac login`: the last page in the browser, the exit code, and what the command said."""
        with self._peer.start("dirac", "login", *arguments, env=self._env) as process:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if found := re.search(r"Now go to: (\S+)", line):
                    break
            assert found, said
            page = browser.visit(found[1])
            said += process.stdout.read()
            return page, process.wait(60), said

    def run(self, *arguments: str) -> CompletedProcess[str]:
        """Another command."""
        return self._peer.command("dirac", *arguments, env=self._env)

    @property
    def refresh_token(self) -> str:
        """The refresh token that a login left."""
        return str(json.loads(self.credentials.read_text())["refresh_token"])


def refresh(url: str, token: str) -> httpx.Response:
    """Use a refresh token."""
    form = {"grant_type": "refresh_token", "client_id": "myDIRACClientID", "refresh_token": token}
    return httpx.post(f"{url}/api/auth/token", data=form)

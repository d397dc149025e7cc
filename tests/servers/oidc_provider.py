"""A certified OpenID provider: npm's `oidc-provider` with its login pages (3 MB; Node 20 or newer)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .process import Process, ServerError, call, free_port, listening, spawn, wait
from .run import Run
from .system_packages import commands, find, require

RECIPE = Path(__file__).with_name("oidc")
FILES = ("package.json", "package-lock.json", "provider.js")
CLIENT_ID = "bridge"
# Back to any port of this machine, or to the server that tests run in their own process.
REDIRECT_URIS = tuple(
    f"{origin}/api/auth/{flow}/complete"
    for origin in ("http://localhost", "http://127.0.0.1", "https://bridge.example.org")
    for flow in ("authorize", "device")
)


@dataclass(frozen=True)
class OidcProvider:
    """Where it listens. Users log in as any subject with any password; the client is public, with PKCE."""

    port: int
    client_id: str = CLIENT_ID

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens; discovery is below it."""
        return f"http://localhost:{self.port}"

    def faults(self, **kinds: object) -> None:
        """Misbehave in these ways and no other from now on; provider.js says which there are."""
        self._control("PUT", "/test/faults", json.dumps(kinds).encode())

    def rotate_keys(self) -> None:
        """Sign with a new key from now on; the former one is not published any more."""
        self._control("POST", "/test/rotate-keys")

    def _control(self, method: str, path: str, body: bytes = b"") -> None:
        urllib.request.urlopen(urllib.request.Request(self.issuer + path, body, method=method), timeout=30).close()


def install() -> Path:
    """The folder with the program and the packages that it needs."""
    require(commands("node", "npm"), "nodejs", "npm")
    _check_node()
    contents = [(RECIPE / name).read_bytes() for name in FILES]
    return cache.installed(f"oidc-provider-{cache.digest(*contents)}", _fill)


def server(run: Run) -> OidcProvider:
    """The provider of this run, started when it is first asked for; shared, so give it no faults."""
    return OidcProvider(run.once("oidc_provider", lambda: {"port": _shared(run)})["port"])


@contextmanager
def own(run: Run, folder: Path, port: int = 0) -> Iterator[OidcProvider]:
    """A provider for one test, which may give it faults; it has ended after the block. `port` 0: any."""
    port = port or free_port()
    child = _start(run, port, folder / "identity-provider.log")
    try:
        yield OidcProvider(port)
    finally:
        child.stop()


def _fill(target: Path) -> None:
    for name in FILES:
        shutil.copy(RECIPE / name, target)
    call("npm", "ci", "--prefix", target, "--no-audit", "--no-fund", log=target / "npm.log")


def _check_node() -> None:
    told = subprocess.run([find("node") or "node", "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", told)
    if major is None or int(major[1]) < 20:
        raise ServerError(f"oidc-provider needs Node 20 or newer; `node --version` says {told.strip() or 'nothing'}")


def _shared(run: Run) -> int:
    port = free_port()
    _start(run, port, run.folder / "oidc-provider.log")
    return port


def _start(run: Run, port: int, log: Path) -> Process:
    command: list[str | Path] = [
        find("node") or "node",
        install() / "provider.js",
        str(port),
        CLIENT_ID,
        *REDIRECT_URIS,
    ]
    child = spawn(command, log)
    run.register(child)
    wait("oidc-provider", lambda: listening(port), child, log, 30)
    return child

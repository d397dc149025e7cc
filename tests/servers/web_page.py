"""A page that logs in with the library of the official web interface, served on an origin of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from . import cache
from .process import call
from .system_packages import commands, require

RECIPE = Path(__file__).with_name("web")
FILES = ("package.json", "package-lock.json")


def install() -> Path:
    """The library `@axa-fr/oidc-client` as one script, in the version that the official web interface has."""
    require(commands("node", "npm"), "nodejs", "npm")
    name = f"web-{cache.digest(*((RECIPE / file).read_bytes() for file in FILES))}"
    return cache.installed(name, _fill) / "node_modules" / "@axa-fr" / "oidc-client" / "dist" / "index.umd.cjs"


def _fill(target: Path) -> None:
    for file in FILES:
        (target / file).write_bytes((RECIPE / file).read_bytes())
    call("npm", "ci", "--prefix", target, "--ignore-scripts", "--no-audit", "--no-fund", log=target / "npm.log")


@contextmanager
def serving(port: int, authority: str) -> Iterator[str]:
    """The origin of the page within this block; it logs in at `authority`."""
    contents = {
        "/": ("text/html", (RECIPE / "index.html").read_bytes().replace(b"AUTHORITY", authority.encode())),
        "/oidc-client.js": ("text/javascript", install().read_bytes()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = contents.get(urlsplit(self.path).path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

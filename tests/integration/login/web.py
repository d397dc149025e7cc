"""The web application in a browser: it logs in with the library of the official one, at another origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.chromium import Tab
from tests.integration.login.conftest import Serve
from tests.live import LiveServer
from tests.servers import web_page
from tests.servers.chromium import ChromeDriver
from tests.servers.process import free_port


class Web:
    """A tab with the application, and the service behind it."""

    def __init__(self, tab: Tab, origin: str, live: LiveServer) -> None:
        self.tab = tab
        self.origin = origin
        self.live = live

    def go_to_login(self) -> None:
        """Open the application and let it send the browser to the identity provider."""
        self.tab.open(self.origin)
        self.tab.run("void client.loginAsync('/')")

    def come_back(self) -> None:
        """Wait for the return to the application, which then gets its tokens."""
        self.tab.wait_for_url(f"{self.origin}/#authentication-callback?code=")
        self.tab.run("arrived.then(() => null)")

    @property
    def tokens(self) -> dict[str, Any]:
        """The tokens that the application has: `accessToken`, `refreshToken`, `accessTokenPayload`."""
        found: dict[str, Any] = self.tab.run("client.tokens")
        return found

    def call(self, path: str) -> Any:
        """The JSON that a GET of the application answers, with its access token."""
        url = f"{self.live.url}{path}"
        return self.tab.run(f"client.fetchWithTokens(fetch)('{url}').then((answer) => answer.json())")


@contextmanager
def in_chromium(chromium: ChromeDriver, serve: Serve, urls: Mapping[str, str], issuer: str) -> Iterator[Web]:
    """The application in a new tab, on an origin that the service allows."""
    port = free_port()
    origin = f"http://localhost:{port}"
    auth = {"allowed_redirects": [f"{origin}/#authentication-callback"]}
    with serve(urls, issuer, auth=auth, bridge_cors_origins=[origin]) as live, web_page.serving(port, live.url):
        tab = Tab(chromium)
        try:
            yield Web(tab, origin, live)
        finally:
            tab.close()

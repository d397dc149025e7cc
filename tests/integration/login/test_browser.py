"""A web application logs in by the authorization code flow, in Chromium, with the official one's library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.integration.login.command_line import refresh
from tests.integration.login.conftest import Serve
from tests.integration.login.web import Web, in_chromium
from tests.login import PASSWORD
from tests.servers.chromium import ChromeDriver
from tests.servers.oidc_provider import OidcProvider


@pytest.fixture
def web(
    chromium: ChromeDriver, serve: Serve, mariadb_urls: Mapping[str, str], oidc_provider: OidcProvider
) -> Iterator[Web]:
    """The application, whose user has not logged in yet."""
    with in_chromium(chromium, serve, mariadb_urls, oidc_provider.issuer) as application:
        yield application


def log_in(web: Web, provider: OidcProvider, subject: str) -> None:
    """Do what a user does: log in at the provider and consent."""
    web.go_to_login()
    web.tab.wait_for_url(f"{provider.issuer}/interaction/")
    web.tab.type("input[name=login]", subject)
    web.tab.type("input[name=password]", PASSWORD)
    for prompt in ("login", "consent"):
        web.tab.click(f"form:has(input[name=prompt][value={prompt}]) button[type=submit]")


def test_a_session_begins_goes_on_and_ends(web: Web, oidc_provider: OidcProvider) -> None:
    log_in(web, oidc_provider, "sub-alice")
    web.come_back()
    first = web.tokens
    assert first["accessTokenPayload"]["dirac_group"] == "gridlab_user"
    assert web.call("/api/auth/userinfo")["preferred_username"] == "alice"

    web.tab.run("client.renewTokensAsync()")
    second = web.tokens
    assert second["accessToken"] != first["accessToken"]
    assert second["refreshToken"] != first["refreshToken"]
    assert web.call("/api/auth/userinfo")["preferred_username"] == "alice"

    web.tab.run("client.logoutAsync(null).then(() => null)")
    assert "token revoked" in web.live.log.read_text()
    assert refresh(web.live.url, second["refreshToken"]).status_code in (400, 401)


def test_the_application_is_told_why_a_user_may_not_log_in(web: Web, oidc_provider: OidcProvider) -> None:
    log_in(web, oidc_provider, "sub-mallory")
    web.tab.wait_for_url(f"{web.origin}/#authentication-callback?error=access_denied")
    assert "suspended" in web.tab.run("arrived.then(() => 'logged in', (error) => error.message)")

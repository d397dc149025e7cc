"""What users and other callers notice when the identity provider is at fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from tests.integration.login.conftest import Serve
from tests.live import LiveServer
from tests.login import Browser
from tests.servers import oidc_provider as recipe
from tests.servers.oidc_provider import OidcProvider
from tests.servers.process import free_port
from tests.servers.run import Run

SCOPE = {"client_id": "myDIRACClientID", "scope": "vo:gridlab"}


@pytest.fixture
def live(serve: Serve, sqlite_urls: Mapping[str, str], own_oidc_provider: OidcProvider) -> Iterator[LiveServer]:
    """The service whose users log in at the provider of this test."""
    with serve(sqlite_urls, own_oidc_provider.issuer) as server:
        yield server


def begin(live: LiveServer) -> tuple[str, str]:
    """Begin a login from a command line: where the browser has to go, and the device code."""
    begun = httpx.post(f"{live.url}/api/auth/device", params=SCOPE).raise_for_status().json()
    return begun["verification_uri_complete"], begun["device_code"]


def log_in(live: LiveServer) -> httpx.Response:
    """The page that sub-alice sees at the end of a login from a command line."""
    with Browser("sub-alice") as browser:
        return browser.visit(begin(live)[0])


def test_a_login_fails_for_the_time_that_the_provider_is_down(
    serve: Serve, sqlite_urls: Mapping[str, str], servers: Run, tmp_path: Path
) -> None:
    port = free_port()
    with serve(sqlite_urls, f"http://localhost:{port}") as live:
        page = log_in(live)
        assert page.status_code == 503, page.text
        assert int(page.headers["Retry-After"]) > 0
        assert httpx.get(f"{live.url}/api/health/ready").status_code == 200
        with recipe.own(servers, tmp_path, port):
            assert log_in(live).status_code == 200


def test_nobody_else_waits_for_a_slow_provider(live: LiveServer, own_oidc_provider: OidcProvider) -> None:
    own_oidc_provider.faults(delay=1000, paths=["/token", "/jwks", "/.well-known"])
    pages: list[httpx.Response] = []
    login = threading.Thread(target=lambda: pages.append(log_in(live)))
    login.start()
    answered = 0
    while login.is_alive():
        assert httpx.get(f"{live.url}/.well-known/dirac-metadata", timeout=1).status_code == 200
        answered += 1
        time.sleep(0.05)
    assert pages[0].status_code == 200, pages[0].text
    assert answered > 5


@pytest.mark.parametrize("path", ["/token", "/jwks"])
def test_a_provider_that_fails_is_a_bad_gateway(live: LiveServer, own_oidc_provider: OidcProvider, path: str) -> None:
    own_oidc_provider.faults(status=500, paths=[path])
    page = log_in(live)
    assert page.status_code == 502, page.text
    own_oidc_provider.faults()
    assert log_in(live).status_code == 200


def test_a_wrong_signature_lets_nobody_in(live: LiveServer, own_oidc_provider: OidcProvider) -> None:
    own_oidc_provider.faults(forge=True)
    url, device_code = begin(live)
    with Browser("sub-alice") as browser:
        page = browser.visit(url)
    assert (page.status_code, "not signed by a key" in page.text) == (401, True), page.text
    form = {"client_id": "myDIRACClientID", "device_code": device_code}
    form["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code"
    answer = httpx.post(f"{live.url}/api/auth/token", data=form)
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.json()


def test_a_provider_may_change_its_keys(live: LiveServer, own_oidc_provider: OidcProvider) -> None:
    assert log_in(live).status_code == 200
    own_oidc_provider.rotate_keys()
    page = log_in(live)
    assert page.status_code == 200, page.text

"""Logging in by the device flow and out, and the token in a proxy file."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from diracx_bridge.client import Credentials, CredentialsFile, FixedToken, Preferences, SyncDiracxClient
from diracx_bridge.client.api.runner import perform
from diracx_bridge.client.connection import usual_tokens
from diracx_bridge.client.credentials import ensure_place, read_credentials, write_credentials
from diracx_bridge.client.login import DeviceCode, log_in, log_out, scope_of
from diracx_bridge.client.proxy import source_of, token_in
from diracx_bridge.core.errors import InvalidInput, NotAuthenticated, SettingsError
from tests.unit.client.tokens import jwt
from tests.unit.legacy_adapters.fake_server import FakeServer, refusal

GROUPS = {"gridlab_user": {"properties": []}}
VO = {"groups": GROUPS, "support": {}, "default_group": "gridlab_user"}
DEVICE = {
    "user_code": "BCDF",
    "device_code": "secret",
    "verification_uri": "https://x/api/auth/device",
    "verification_uri_complete": "https://x/api/auth/device?user_code=BCDF",
    "expires_in": 600,
}
PENDING = httpx.Response(400, json={"error": "authorization_pending"})
PENDING_WITH_TEXT = httpx.Response(400, json={"error": "authorization_pending", "detail": "not yet"})


@pytest.fixture
def server() -> FakeServer:
    made = FakeServer()
    made.answer("GET /.well-known/dirac-metadata", httpx.Response(200, json={"virtual_organizations": {"gridlab": VO}}))
    made.answer("POST /api/auth/device", httpx.Response(200, json=DEVICE))
    return made


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diracx_bridge.client.api.runner.time.sleep", lambda seconds: None)


def login(server: FakeServer, show: list[DeviceCode]) -> Credentials:
    with server.client() as client:
        return perform(client, log_in(None, None, (), show.append))


def tokens() -> httpx.Response:
    return httpx.Response(200, json={"access_token": jwt(), "refresh_token": jwt(), "expires_in": 1200})


@pytest.mark.parametrize("pending", [PENDING, PENDING_WITH_TEXT])
def test_login_waits_until_the_user_has_agreed(pending: httpx.Response, server: FakeServer) -> None:
    server.answer("POST /api/auth/token", pending, httpx.Response(503), tokens())
    server.answers["POST /api/auth/token"] = _form(server.answers["POST /api/auth/token"])
    shown: list[DeviceCode] = []
    assert login(server, shown).renewable
    assert shown[0].url == DEVICE["verification_uri_complete"]


def _form(answers: Any) -> Any:
    waiting = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        prepared = waiting.pop(0)
        return httpx.Response(prepared.status_code, content=prepared.content)

    return answer


@pytest.mark.parametrize("text", ["Device code expired", "Bad client_id"])
def test_a_refused_login_says_why(text: str, server: FakeServer) -> None:
    server.answers["POST /api/auth/token"] = lambda request: refusal(401, text)
    with pytest.raises(NotAuthenticated, match=text):
        login(server, [])


def test_scopes_name_vos_and_groups_that_exist() -> None:
    metadata = {"virtual_organizations": {"a": {"groups": {"u": {}}}, "b": {"groups": {}}}}
    assert scope_of(metadata, "a", "u", ["NormalUser"]) == "vo:a group:u property:NormalUser"
    with pytest.raises(InvalidInput, match=r"Which VO.* There are a, b"):
        scope_of(metadata, None, None, ())
    with pytest.raises(InvalidInput, match="no VO 'c' here, only a, b"):
        scope_of(metadata, "c", None, ())
    with pytest.raises(InvalidInput, match="no group 'x', only u"):
        scope_of(metadata, "a", "x", ())


def test_logout_revokes_the_token_and_removes_the_file(server: FakeServer, tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    write_credentials(path, Credentials(jwt(), 0, jwt()))
    revoked: list[bytes] = []
    server.answers["POST /api/auth/revoke"] = lambda request: (
        revoked.append(request.content) or httpx.Response(200, json="Refresh token revoked")
    )
    with server.client() as client:
        assert perform(client, log_out(path))
        assert not perform(client, log_out(path))
    assert len(revoked) == 1
    assert not path.exists()


def proxy(path: Path, *contents: object) -> Path:
    blocks = [
        f"-----BEGIN DIRACX-----\n{base64.b64encode(json.dumps(c).encode()).decode()}\n-----END DIRACX-----\n"
        for c in contents
    ]
    path.write_text("-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n" + "".join(blocks))
    return path


def token(name: str) -> dict[str, Any]:
    return {"access_token": name, "refresh_token": jwt(name=name), "expires_on": 4_000_000_000, "token_type": "Bearer"}


def test_the_last_token_of_a_proxy_counts(tmp_path: Path) -> None:
    found = token_in(proxy(tmp_path / "proxy", token("old"), token("new")))
    assert found is not None
    assert found["access_token"] == "new"


@pytest.mark.parametrize("content", [{}, {"access_token": "x"}, "text", {"access_token": "", "refresh_token": ""}])
def test_a_proxy_without_a_good_token_has_none(content: object, tmp_path: Path) -> None:
    assert token_in(proxy(tmp_path / "proxy", content)) is None
    assert token_in(tmp_path / "absent") is None


def test_the_token_of_a_proxy_is_used_where_nobody_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diracx_bridge.client.proxy.gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv("X509_USER_PROXY", str(proxy(tmp_path / "proxy", token("of-proxy"))))
    preferences = Preferences("https://x", credentials_path=tmp_path / "credentials.json")
    source = usual_tokens(preferences)
    assert isinstance(source, CredentialsFile)
    assert source.last_known() == "of-proxy"
    assert source.path.name.startswith("dx_")
    assert source.path.stat().st_mode & 0o077 == 0

    write_credentials(preferences.credentials_path, Credentials("of-login", 4_000_000_000, jwt()))
    assert usual_tokens(preferences).last_known() == "of-login"


def test_a_token_without_a_place_for_its_file_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diracx_bridge.client.proxy.gettempdir", lambda: str(tmp_path / "absent" / "\0"))
    monkeypatch.setattr("diracx_bridge.client.proxy.write_credentials", _no_place)
    source = source_of(token("kept"), "https://x")
    assert isinstance(source, FixedToken)
    assert source.ready() == "kept"


def _no_place(*_: object, **__: object) -> None:
    raise OSError(30, "Read-only file system")


def test_a_login_that_could_not_be_kept_is_refused_before_it_begins() -> None:
    with pytest.raises(SettingsError, match=r"kept in /proc/none/credentials\.json: .*DIRACX_CREDENTIALS_PATH"):
        ensure_place(Path("/proc/none/credentials.json"))


def test_a_place_for_the_login_is_made(tmp_path: Path) -> None:
    ensure_place(tmp_path / "cache" / "credentials.json")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_credentials_are_read_back(tmp_path: Path) -> None:
    assert read_credentials(tmp_path / "absent") is None
    write_credentials(tmp_path / "c", Credentials("a", 5, "r"))
    assert read_credentials(tmp_path / "c") == Credentials("a", 5, "r")
    assert SyncDiracxClient("http://x", credentials_path=tmp_path / "c").tokens.last_known() == "a"

"""Logins: authorization code flow and device flow, as the official web and command line do them."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from base64 import urlsafe_b64decode
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth import device_flow
from diracx_bridge.services.auth.audit import WAITING
from diracx_bridge.services.auth.login_routes import FORM_TYPE as FORM
from tests.installation import REDIRECT, WEB_REDIRECT, Installation
from tests.integration.services.fake_provider import FakeProvider, browse, query_of
from tests.integration.services.logins import (
    CLIENT,
    authorize,
    code_for,
    log_in_device,
    on_sqlite,
    poll,
    redeem,
    refresh,
    start_device,
    token,
)
from tests.integration.services.test_auth import claims


async def test_a_web_application_gets_tokens_for_a_user_who_logged_in(
    installation: Installation, provider: FakeProvider
) -> None:
    answer = await redeem(installation, await code_for(installation, provider))
    assert answer.status_code == 200, answer.text
    issued = answer.json()
    access = claims(issued["access_token"])
    assert (access["sub"], access["preferred_username"], access["dirac_group"]) == (
        "gridlab:sub-alice",
        "alice",
        "gridlab_user",
    )
    assert (issued["token_type"], issued["expires_in"], set(issued)) == (
        "Bearer",
        1200,
        {"access_token", "expires_in", "refresh_token", "token_type"},
    )
    assert claims(issued["refresh_token"])["legacy_exchange"] is False
    assert (await refresh(installation, issued["refresh_token"])).status_code == 200


@on_sqlite
@pytest.mark.parametrize("state", ["simple", "a&b=c d", "ü#?/%26"])
@pytest.mark.parametrize(
    ("redirect", "start"), [(WEB_REDIRECT, f"{WEB_REDIRECT}?code="), (REDIRECT, f"{REDIRECT}&code=")]
)
async def test_the_client_gets_its_state_back_as_it_was(
    installation: Installation, provider: FakeProvider, redirect: str, start: str, state: str
) -> None:
    sent = await authorize(installation, redirect_uri=redirect, state=state)
    back = provider.log_in(sent.headers["location"])
    done = await installation.http.get("/api/auth/authorize/complete", params=back)
    location = done.headers["location"]
    assert location.startswith(start)
    found = query_of(location)
    assert (found.pop("from", "bridge"), found["state"], set(found)) == ("bridge", state, {"code", "state"})
    # the web wants no `?` or `#` but its own
    assert not set("?#") & set(location.removeprefix(start))


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "error", "told"),
    [
        ({"client_id": "somebody"}, "unauthorized_client", "Unrecognised client ID 'somebody'"),
        ({"redirect_uri": WEB_REDIRECT + "/"}, "invalid_request", "Unrecognised redirect_uri"),
        ({"redirect_uri": WEB_REDIRECT.partition("#")[0]}, "invalid_request", "Unrecognised redirect_uri"),
        ({"scope": "vo:nowhere"}, "invalid_scope", "VO nowhere is not known"),
        ({"scope": "vo:gridlab  group:gridlab_user"}, "invalid_scope", "Unrecognised scopes"),
        ({"scope": "vo:gridlab " + "property:NormalUser " * 60}, "invalid_scope", "longer than 1024"),
        ({"response_type": "token"}, "invalid_request", "response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request", "code_challenge_method"),
        ({"code_challenge": "short"}, "invalid_request", "code_challenge"),
        ({"state": "x" * 3000}, "invalid_request", "state is longer"),
    ],
)
async def test_what_can_not_be_accepted_is_told_before_the_provider_is_asked(
    installation: Installation, provider: FakeProvider, changed: dict[str, str], error: str, told: str
) -> None:
    answer = await authorize(installation, **changed)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert told in answer.json()["detail"]
    assert not provider.metadata.called


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"code_verifier": "w" * 64}, "code_verifier does not fit"),
        ({"redirect_uri": REDIRECT}, "redirect_uri is not that"),
    ],
)
async def test_a_code_is_used_up_even_when_the_exchange_fails(
    installation: Installation, provider: FakeProvider, changed: dict[str, str], told: str
) -> None:
    code = await code_for(installation, provider)
    failed = await redeem(installation, code, **changed)
    assert (failed.status_code, failed.json()["error"], told in failed.json()["detail"]) == (400, "invalid_grant", True)
    again = await redeem(installation, code)
    assert (again.status_code, again.json()["detail"]) == (400, "Code was already used")


@on_sqlite
@pytest.mark.parametrize("code", ["x", "y" * 43, "z" * 64, "ü" * 64, "A" * 64])
async def test_an_unknown_code_is_an_invalid_grant(installation: Installation, code: str) -> None:
    answer = await redeem(installation, code)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_code_that_an_upstream_server_made_is_exchanged(
    installation: Installation, provider: FakeProvider
) -> None:
    """Upstream keeps the SHA-256 of a code of 43 characters, and no key in the code."""
    await code_for(installation, provider)
    server = installation.runtime.databases.server_of("AuthDB")
    upstreams = "u" * 43
    hashed = hashlib.sha256(upstreams.encode()).hexdigest()
    table = f"{server.names['AuthDB']}.AuthorizationFlows"
    await server.write(lambda tx: tx.raw(text(f"UPDATE {table} SET Code = '{hashed}'")))
    assert (await redeem(installation, upstreams)).status_code == 200


async def test_a_command_line_gets_tokens_once_its_user_has_logged_in(
    installation: Installation, provider: FakeProvider
) -> None:
    begun = await start_device(installation)
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{8}", begun["user_code"])
    assert begun["verification_uri_complete"] == f"{begun['verification_uri']}?user_code={begun['user_code']}"
    assert (begun["verification_uri"], begun["expires_in"]) == ("https://bridge.example.org/api/auth/device", 600)
    waiting = await poll(installation, begun)
    assert (waiting.status_code, waiting.json()["error"]) == (400, "authorization_pending")
    done = await log_in_device(installation, provider, begun)
    assert (done.status_code, done.headers["location"]) == (
        307,
        "https://bridge.example.org/api/auth/device/complete/finished",
    )
    assert "Please close the window" in (await browse(installation, done.headers["location"])).text
    issued = await poll(installation, begun)
    assert claims(issued.json()["access_token"])["preferred_username"] == "alice"
    again = await poll(installation, begun)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@on_sqlite
async def test_the_page_for_the_code_takes_it_as_people_type_it(
    installation: Installation, provider: FakeProvider
) -> None:
    form = await browse(installation, "/api/auth/device")
    assert (form.status_code, 'name="user_code"' in form.text) == (200, True)
    code = (await start_device(installation))["user_code"]
    typed = await browse(installation, "/api/auth/device", user_code=f"{code[:4].lower()}-{code[4:]}")
    assert typed.status_code == 307
    wrong = await browse(installation, "/api/auth/device", user_code="<b>wrong")
    assert (wrong.status_code, wrong.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "No login waits for this code" in wrong.text
    told = await installation.http.get("/api/auth/device", params={"user_code": "wrong"})
    assert "No login waits for this code" in told.json()["detail"]


@on_sqlite
async def test_a_device_login_begins_with_a_form_too(installation: Installation) -> None:
    """RFC 8628 wants a form; the official client sends a query."""
    form = {"client_id": CLIENT, "scope": "vo:gridlab"}
    assert (await installation.http.post("/api/auth/device", data=form)).status_code == 200
    answer = await installation.http.post("/api/auth/device", content=b"\xff", headers={"Content-Type": FORM})
    assert (answer.status_code, answer.json()["detail"]) == (400, "client_id is missing")


async def test_a_user_code_that_is_taken_is_not_given_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [*"BBBBBBBB", *"BBBBBBBB", *"CCCCCCCC"]
    choose = SimpleNamespace(choice=lambda _: letters.pop(0) if letters else "B", token_urlsafe=secrets.token_urlsafe)
    monkeypatch.setattr(device_flow, "secrets", choose)
    first, second = await start_device(installation), await start_device(installation)
    assert (first["user_code"], second["user_code"]) == ("BBBBBBBB", "CCCCCCCC")
    assert [(await poll(installation, begun)).json()["error"] for begun in (first, second)] == [WAITING] * 2
    query = {"client_id": CLIENT, "scope": "vo:gridlab"}
    answer = await installation.http.post("/api/auth/device", params=query)
    assert (answer.status_code, "No free user code" in answer.json()["detail"]) == (503, True)


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_id": "somebody"}, "unauthorized_client"),
        ({"client_id": ""}, "invalid_request"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": ""}, "invalid_request"),
    ],
)
async def test_a_device_login_that_can_not_be_accepted_is_told(
    installation: Installation, changed: dict[str, str], error: str
) -> None:
    query = {"client_id": CLIENT, "scope": "vo:gridlab", **changed}
    answer = await installation.http.post("/api/auth/device", params=query)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@on_sqlite
@pytest.mark.parametrize("subject", ["sub-mallory", "sub-nobody", "sub-pilot"])
async def test_who_may_not_log_in_is_told_at_once_in_browser_and_client(
    installation: Installation, provider: FakeProvider, subject: str
) -> None:
    begun = await start_device(installation)
    refused = await log_in_device(installation, provider, begun, subject)
    assert refused.status_code == 403
    polled = await poll(installation, begun)
    assert (polled.status_code, polled.json()["error"]) == (400, "access_denied")
    sent = await authorize(installation)
    back = provider.log_in(sent.headers["location"], subject)
    done = await installation.http.get("/api/auth/authorize/complete", params=back)
    assert query_of(done.headers["location"])["error"] == "access_denied"


async def test_who_is_suspended_after_the_login_gets_no_tokens(
    installation: Installation, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, begun = await code_for(installation, provider), await start_device(installation)
    await log_in_device(installation, provider, begun)
    user = installation.runtime.source.current.config.registry["gridlab"].users["sub-alice"]
    monkeypatch.setitem(user.__dict__, "suspended", ["gridlab"])
    for answer in (await redeem(installation, code), await poll(installation, begun)):
        assert (answer.status_code, "suspended" in answer.json()["detail"]) == (403, True)
        assert answer.json()["error"] == "access_denied"
    assert (await poll(installation, begun)).json()["detail"] == "Code was already used"


async def test_a_user_who_declines_is_no_error_of_the_server(
    installation: Installation, provider: FakeProvider
) -> None:
    sent = await authorize(installation, state="mine")
    back = {"error": "access_denied", "state": query_of(sent.headers["location"])["state"]}
    done = await installation.http.get("/api/auth/authorize/complete", params=back)
    assert query_of(done.headers["location"]) == {"error": "access_denied", "state": "mine"}
    begun = await start_device(installation)
    sent = await installation.http.get(begun["verification_uri_complete"])
    back = {"error": "access_denied", "state": query_of(sent.headers["location"])["state"]}
    assert (await browse(installation, "/api/auth/device/complete", **back)).status_code == 403
    assert (await poll(installation, begun)).json()["error"] == "access_denied"


@on_sqlite
@pytest.mark.parametrize("state", ["", "garbage", "gAAAAABl" + "x" * 80])
@pytest.mark.parametrize("flow", ["authorize", "device"])
async def test_a_state_that_is_not_ours_is_refused(installation: Installation, flow: str, state: str) -> None:
    answer = await installation.http.get(f"/api/auth/{flow}/complete", params={"code": "x", "state": state})
    assert (answer.status_code, "Invalid state" in answer.json()["detail"]) == (400, True)


@on_sqlite
async def test_the_state_of_one_flow_is_none_of_the_other(installation: Installation, provider: FakeProvider) -> None:
    back = provider.log_in((await authorize(installation)).headers["location"])
    answer = await installation.http.get("/api/auth/device/complete", params=back)
    assert (answer.status_code, "another kind of login" in answer.json()["detail"]) == (400, True)


async def test_flows_end_when_their_time_is_over(
    installation: Installation, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, begun, waiting = (
        await code_for(installation, provider),
        await start_device(installation),
        await start_device(installation),
    )
    sent = await authorize(installation)
    await log_in_device(installation, provider, begun)
    server = installation.runtime.databases.server_of("AuthDB")
    name = server.names["AuthDB"]
    for table in ("AuthorizationFlows", "DeviceFlows"):
        statement = text(f"UPDATE {name}.{table} SET CreationTime = '2026-01-01 00:00:00'")
        await server.write(lambda tx, statement=statement: tx.raw(statement))
    assert "expired" in (await redeem(installation, code)).json()["detail"]
    polled = await poll(installation, begun)
    assert (polled.status_code, polled.json()["detail"]) == (401, "Device code expired")
    assert (await poll(installation, waiting)).status_code == 401
    assert (await browse(installation, "/api/auth/device", user_code=waiting["user_code"])).status_code == 400
    back = provider.log_in(sent.headers["location"])
    assert (await installation.http.get("/api/auth/authorize/complete", params=back)).status_code == 400


@on_sqlite
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "authorization_code"},
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "authorization_code", "code": "x", "redirect_uri": WEB_REDIRECT},
        {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "unknown"},
        {"grant_type": "refresh_token"},
        {"grant_type": "refresh_token", "refresh_token": "garbage"},
    ],
    ids=str,
)
async def test_a_malformed_grant_is_an_oauth_error_with_a_text(
    installation: Installation, form: dict[str, str]
) -> None:
    answer = await token(installation, **form)
    assert answer.status_code in (400, 401)
    told: dict[str, Any] = answer.json()
    assert re.fullmatch("[a-z_]+", told["error"])
    assert isinstance(told["detail"], str)
    assert told["error_description"] == told["detail"]


@on_sqlite
@pytest.mark.parametrize("content", [b"", b"\xff\xfe=1", b"grant_type=refresh_token&refresh_token=%ff", b"{}"])
async def test_a_body_that_is_no_form_is_a_bad_request(installation: Installation, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/api/auth/token", "/api/auth/revoke"):
        answer = await installation.http.post(path, content=content, headers=headers)
        assert (answer.status_code, isinstance(answer.json()["detail"], str)) == (400, True), answer.text


@pytest.mark.parametrize("database_urls", ["mariadb", "mysql"], indirect=True)
async def test_an_exchange_waits_for_no_other_login(installation: Installation, provider: FakeProvider) -> None:
    """Upstream finds a code by a column without index, and so locks every open login."""
    codes = [await code_for(installation, provider) for _ in range(2)]
    begun = [await start_device(installation) for _ in range(2)]
    for each in begun:
        await log_in_device(installation, provider, each)
    auth = installation.runtime.auth

    async def exchange_beside(tx: Transaction) -> list[int]:
        await auth.database.authorization_flow(tx, UUID(bytes=urlsafe_b64decode(codes[0])[:16]), max_age=300, lock=True)
        await auth.database.device_flow(tx, begun[0]["user_code"], max_age=600, lock=True)
        async with asyncio.timeout(5):
            answers = [await redeem(installation, codes[1]), await poll(installation, begun[1])]
        return [answer.status_code for answer in answers]

    assert await auth.server.write(exchange_beside) == [200, 200]

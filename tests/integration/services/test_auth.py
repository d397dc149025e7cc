"""Tokens: legacy exchange, refresh, userinfo."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import pytest

from diracx_bridge.services.auth.issuing import Issuing
from tests.installation import ISSUER, LEGACY_AUTHORIZATION, Installation
from tests.integration.services.logins import on_sqlite, refresh, token


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def revoke_in_database(installation: Installation, token: str) -> Awaitable[None]:
    auth = installation.runtime.auth
    done: Awaitable[None] = auth.server.write(lambda tx: auth.database.revoke(tx, UUID(claims(token)["jti"])))
    return done


async def test_dirac_gets_tokens_for_a_user(installation: Installation) -> None:
    answer = await installation.exchange("alice", "gridlab_user", expires_minutes=90, source="ProxyManager")
    assert answer.status_code == 200
    issued = answer.json()
    assert (issued["expires_in"], issued["token_type"]) == (1200, "Bearer")
    access, renewal = claims(issued["access_token"]), claims(issued["refresh_token"])
    assert (access["iss"], access["sub"], access["vo"]) == (ISSUER, "gridlab:sub-alice", "gridlab")
    assert (access["dirac_group"], access["preferred_username"]) == ("gridlab_user", "alice")
    assert access["dirac_properties"] == ["NormalUser", "PrivateLimitedDelegation"]
    assert renewal["legacy_exchange"] is True
    assert 90 * 60 - 5 <= renewal["exp"] - time.time() <= 90 * 60
    assert answer.headers["Cache-Control"] == "no-store"


@on_sqlite
@pytest.mark.parametrize(("proxy", "life"), [(1440, 720), (90, 90), (5, 20)])
async def test_tokens_in_proxies_live_as_long_as_set_but_not_longer_than_the_proxy(
    installation: Installation, proxy: int, life: int
) -> None:
    auth = installation.runtime.auth
    object.__setattr__(auth, "issuing", Issuing(auth.tokens, auth.database, proxy_minutes=720))
    issued = (await installation.exchange("alice", "gridlab_user", expires_minutes=proxy)).json()
    assert abs(issued["expires_in"] - life * 60) < 10
    assert abs(claims(issued["access_token"])["exp"] - time.time() - life * 60) < 10
    if proxy > 20:
        renewed = (await refresh(installation, issued["refresh_token"])).json()
        assert abs(renewed["expires_in"] - life * 60) < 10


async def test_requested_properties_replace_those_of_the_group(installation: Installation) -> None:
    for wanted in (["NormalUser"], ["ProductionManagement"]):
        scope = "vo:gridlab group:gridlab_user " + " ".join(f"property:{p}" for p in wanted)
        answer = await installation.exchange("alice", "gridlab_user", scope=scope)
        assert claims(answer.json()["access_token"])["dirac_properties"] == wanted


@pytest.mark.parametrize(
    ("user", "scope", "status", "told"),
    [
        ("alice", "vo:nowhere group:gridlab_user", 400, "Invalid scope or preferred_username"),
        ("alice", "vo:gridlab group:nobody", 400, "Invalid scope or preferred_username"),
        ("nobody", "vo:gridlab group:gridlab_user", 400, "Invalid scope or preferred_username"),
        ("alice", "vo:gridlab property:Magic", 400, "Invalid scope or preferred_username"),
        ("alice", "openid vo:gridlab", 400, "Invalid scope or preferred_username"),
        ("bob", "vo:gridlab group:gridlab_admin", 403, "not a member of the requested group (bob, gridlab_admin)"),
        (
            "alice",
            "vo:gridlab property:JobAdministrator",
            403,
            "JobAdministrator are not valid properties for user alice",
        ),
        ("mallory", "vo:gridlab group:gridlab_user", 403, "mallory is suspended in VO gridlab"),
    ],
)
async def test_what_a_user_may_not_have_is_refused(
    installation: Installation, user: str, scope: str, status: int, told: str
) -> None:
    answer = await installation.exchange(user, "gridlab_user", scope=scope)
    assert (answer.status_code, told in answer.json()["detail"]) == (status, True), answer.text


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer diracx:legacy:d3Jvbmc=", 401), ("Bearer something", 400), ("Basic abc", 400), (None, 422)],
)
async def test_another_key_gets_nothing(installation: Installation, authorization: str | None, status: int) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    params = {"preferred_username": "alice", "scope": "vo:gridlab"}
    answer = await installation.http.get("/api/auth/legacy-exchange", params=params, headers=headers)
    assert answer.status_code == status
    assert LEGACY_AUTHORIZATION not in answer.text


async def test_a_token_of_dirac_is_refreshed_any_number_of_times(installation: Installation) -> None:
    token = (await installation.exchange("alice", "gridlab_user")).json()["refresh_token"]
    answers = await asyncio.gather(*(refresh(installation, token) for _ in range(5)))
    assert [a.status_code for a in answers] == [200] * 5
    assert {a.json()["refresh_token"] for a in answers} == {token}


async def test_a_revoked_token_of_dirac_is_refused(installation: Installation) -> None:
    token = (await installation.exchange("alice", "gridlab_user")).json()["refresh_token"]
    await revoke_in_database(installation, token)
    answer = await refresh(installation, token)
    assert (answer.status_code, "revoked" in answer.json()["detail"]) == (401, True)


@on_sqlite
@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "somebody"}, "invalid_client"),
        ({"refresh_token": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_malformed_grants_are_oauth_errors(installation: Installation, form: dict[str, str], error: str) -> None:
    answer = await token(installation, **{"grant_type": "refresh_token", "refresh_token": "x", **form})
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == error
    assert answer.json()["detail"]


@on_sqlite
@pytest.mark.parametrize("forged", ["garbage", "a.b.c", ""])
async def test_a_forged_refresh_token_is_refused(installation: Installation, forged: str) -> None:
    assert (await refresh(installation, forged)).status_code in (400, 401)


async def test_an_access_token_refreshes_nothing(installation: Installation) -> None:
    access = (await installation.exchange("alice", "gridlab_user")).json()["access_token"]
    assert (await refresh(installation, access)).status_code == 401


async def test_userinfo_tells_who_it_is(installation: Installation) -> None:
    answer = await installation.call("GET", "/api/auth/userinfo")
    assert answer.json() == {
        "sub": "gridlab:sub-alice",
        "vo": "gridlab",
        "dirac_group": "gridlab_user",
        "policies": {},
        "properties": ["NormalUser", "PrivateLimitedDelegation"],
        "preferred_username": "alice",
    }


@pytest.mark.parametrize(
    ("authorization", "status", "told"),
    [
        (None, 401, "Authorization header is missing"),
        ("bearer abc", 400, "Invalid authorization header"),
        ("Bearer a b", 400, "Invalid authorization header"),
        ("Bearer abc", 401, "Invalid JWT"),
    ],
)
async def test_callers_without_a_good_token_are_told(
    installation: Installation, authorization: str | None, status: int, told: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await installation.http.get("/api/auth/userinfo", headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (status, told)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_a_refresh_token_is_no_access_token(installation: Installation) -> None:
    token = (await installation.exchange("alice", "gridlab_user")).json()["refresh_token"]
    answer = await installation.http.get("/api/auth/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_an_expired_token_is_refused_even_if_it_was_good_before(installation: Installation) -> None:
    headers = await installation.headers()
    assert (await installation.http.get("/api/auth/userinfo", headers=headers)).status_code == 200
    real = time.time
    try:
        time.time = lambda: real() + 1201
        assert (await installation.http.get("/api/auth/userinfo", headers=headers)).status_code == 401
    finally:
        time.time = real

"""The list of refresh tokens, and what a manager of proxies may do with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from tests.installation import CONFIGURATION, Installation, commit, running
from tests.integration.services.logins import on_sqlite, refresh
from tests.integration.services.test_auth import claims

MANAGERS = CONFIGURATION.read_bytes().replace(b"[JobAdministrator", b"[ProxyManagement, JobAdministrator")
GRID = {"user": "admin", "group": "gridlab_admin"}
BIO = {"user": "carol", "group": "biolab_admin"}


@pytest.fixture
async def managed(database_urls: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    """An installation whose administrators manage proxies; biolab is its admin VO."""
    commit(tmp_path / "config.git", MANAGERS)
    async with running(tmp_path, database_urls, bridge_admin_vos=["biolab"]) as started:
        yield started


async def make(installation: Installation, user: str, group: str, many: int = 1) -> list[str]:
    """New refresh tokens, oldest first."""
    return [(await installation.exchange(user, group)).json()["refresh_token"] for _ in range(many)]


def jti(token: str) -> str:
    found: str = claims(token)["jti"]
    return found


async def listed(installation: Installation, **who: str) -> list[dict[str, object]]:
    answer = await installation.call("GET", "/api/auth/refresh-tokens", **who)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()
    return found


async def test_a_user_sees_his_own_tokens_that_are_good_newest_first(installation: Installation) -> None:
    await make(installation, "bob", "gridlab_user")
    first, second, third = await make(installation, "alice", "gridlab_user", 3)
    await installation.http.post("/api/auth/revoke", data={"token": second})
    found = await listed(installation)
    assert found[1:] == [
        {"JTI": jti(token), "Status": 1, "Scope": "vo:gridlab group:gridlab_user", "Sub": "gridlab:sub-alice"}
        for token in (third, first)
    ]


async def test_a_manager_sees_revoked_tokens_too(managed: Installation) -> None:
    (token,) = await make(managed, "alice", "gridlab_user")
    await managed.http.post("/api/auth/revoke", data={"token": token})
    assert {t["JTI"]: t["Status"] for t in await listed(managed, **GRID)}[jti(token)] == 2


async def test_a_manager_sees_the_tokens_of_his_vo_and_an_admin_vo_all(managed: Installation) -> None:
    await make(managed, "alice", "gridlab_user")
    await make(managed, "carol", "biolab_user")
    assert {str(t["Sub"]).partition(":")[0] for t in await listed(managed, **GRID)} == {"gridlab"}
    assert {str(t["Sub"]).partition(":")[0] for t in await listed(managed, **BIO)} == {"gridlab", "biolab"}


async def test_a_long_list_comes_in_pages(installation: Installation) -> None:
    made = await make(installation, "alice", "gridlab_user", 5)
    await installation.headers()
    seen, url = [], "/api/auth/refresh-tokens?per_page=2"
    while url:
        answer = await installation.call("GET", url)
        assert len(answer.json()) <= 2
        seen += [token["JTI"] for token in answer.json()]
        url = str(httpx.Response(200, headers=answer.headers).links.get("next", {}).get("url", ""))
    assert seen[1:] == [jti(token) for token in reversed(made)]


@on_sqlite
@pytest.mark.parametrize("query", ["per_page=0", "per_page=1001", "per_page=x", "before=x"])
async def test_a_page_that_makes_no_sense_is_refused(installation: Installation, query: str) -> None:
    assert (await installation.call("GET", f"/api/auth/refresh-tokens?{query}")).status_code == 422


async def delete(installation: Installation, token: str, **who: str) -> httpx.Response:
    return await installation.call("DELETE", f"/api/auth/refresh-tokens/{jti(token)}", **who)


async def test_a_session_is_ended_by_its_owner_or_a_manager_of_its_vo(managed: Installation) -> None:
    mine, his, hers = await make(managed, "alice", "gridlab_user", 3)
    ended = await delete(managed, mine)
    assert (ended.status_code, ended.json()) == (200, "Refresh token revoked")
    assert (await delete(managed, mine)).status_code == 200
    assert (await delete(managed, his, user="bob", group="gridlab_user")).status_code == 403
    assert (await delete(managed, his, **GRID)).status_code == 200
    assert (await delete(managed, hers, **BIO)).status_code == 200
    for token in (mine, his, hers):
        assert (await refresh(managed, token)).status_code == 401


async def test_a_manager_ends_no_session_of_another_vo(managed: Installation) -> None:
    (hers,) = await make(managed, "carol", "biolab_user")
    assert (await delete(managed, hers, **GRID)).status_code == 403
    assert (await refresh(managed, hers)).status_code == 200


@on_sqlite
async def test_a_session_that_does_not_exist_is_told(installation: Installation) -> None:
    for name, status in (("nonsense", 400), (str(UUID(int=7)), 404)):
        answer = await installation.call("DELETE", f"/api/auth/refresh-tokens/{name}")
        assert (answer.status_code, name in answer.json()["detail"]) == (status, True)


@on_sqlite
async def test_sessions_are_only_for_who_is_logged_in(installation: Installation) -> None:
    assert (await installation.http.get("/api/auth/refresh-tokens")).status_code == 401
    assert (await installation.http.delete(f"/api/auth/refresh-tokens/{UUID(int=7)}")).status_code == 401

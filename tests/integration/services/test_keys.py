"""New keys without a restart, and what is done with checked tokens."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.services.auth import key_ring, keys, tokens
from diracx_bridge.services.auth.claims import more_claims
from diracx_bridge.services.auth.key_store import PRIVATE_MEMBERS
from tests.installation import CONFIGURATION, Installation, commit, running
from tests.integration.services.test_auth import claims

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def header(token: str) -> dict[str, Any]:
    part = token.split(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


async def access(installation: Installation) -> str:
    answer = await installation.exchange("alice", "gridlab_user")
    token: str = answer.json()["access_token"]
    return token


async def works(installation: Installation, token: str) -> bool:
    answer = await installation.http.get("/api/auth/userinfo", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


async def test_a_rotation_is_taken_over_without_a_restart(installation: Installation) -> None:
    before = await access(installation)
    kid = keys.rotate(installation.folder / "keys.json", "RSA")
    installation.runtime.keys.look()
    after = await access(installation)
    assert (header(after)["kid"], header(after)["alg"]) == (kid, "RS256")
    assert await works(installation, before)
    assert await works(installation, after)
    published = (await installation.http.get("/.well-known/jwks.json")).json()["keys"]
    assert [key["kid"] for key in published] == [kid, header(before)["kid"]]
    assert all(not PRIVATE_MEMBERS & key.keys() and key["key_ops"] == ["verify"] for key in published)


async def test_a_running_service_notices_a_rotation_by_itself(
    sqlite_urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_urls: object
) -> None:
    monkeypatch.setattr(key_ring, "EVERY_SECONDS", 0.01)
    async with running(tmp_path, sqlite_urls) as started:
        kid = keys.rotate(tmp_path / "keys.json")
        async with asyncio.timeout(20):
            while header(await access(started))["kid"] != kid:  # noqa: ASYNC110 - the service tells nobody
                await asyncio.sleep(0.01)


async def test_tokens_of_a_removed_key_end_although_they_were_checked_before(installation: Installation) -> None:
    before = await access(installation)
    assert await works(installation, before)
    path = installation.folder / "keys.json"
    keys.rotate(path)
    document = json.loads(path.read_text())
    path.write_text(json.dumps({"keys": document["keys"][:1]}))
    installation.runtime.keys.look()
    assert not await works(installation, before)


async def test_a_token_with_a_key_that_another_process_knows_already_is_accepted(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = installation.folder / "keys.json"
    async with running(installation.folder, installation.runtime.settings.databases) as other:
        keys.rotate(path)
        other.runtime.keys.look()
        token = await access(other)
    ring = installation.runtime.keys
    monkeypatch.setattr(ring, "_looked", time.monotonic() - 2)
    assert await works(installation, token)


async def test_a_key_file_that_is_broken_or_gone_leaves_the_former_keys(installation: Installation) -> None:
    path = installation.folder / "keys.json"
    ring = installation.runtime.keys
    good = path.read_text()
    for bad in ("{", '{"keys": []}', good.replace("Ed25519", "ES256", 1)):
        path.write_text(bad)
        with structlog.testing.capture_logs() as logs:
            ring.look()
            ring.look()
        assert [entry["log_level"] for entry in logs] == ["error"]
        assert await works(installation, await access(installation))
    path.unlink()
    ring.look()
    assert await works(installation, await access(installation))


async def test_checked_tokens_are_remembered_but_not_without_end(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 3)
    for _ in range(5):
        token = await access(installation)
        assert await works(installation, token)
    assert 1 <= len(installation.runtime.tokens._checked) <= 3
    monkeypatch.setattr(tokens.jwt, "decode", None)  # a token that was checked is not decoded again
    assert await works(installation, token)


@pytest.fixture
async def with_claims(database_urls: dict[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    more = {"wlcg.ver": "1.0", "aud": "https://wlcg.cern.ch/jwt/v1/any"}
    async with running(tmp_path, database_urls, bridge_access_token_claims=more) as started:
        yield started


async def test_further_claims_are_in_access_tokens(with_claims: Installation) -> None:
    token = await access(with_claims)
    found = claims(token)
    assert (found["wlcg.ver"], found["aud"], found["vo"]) == ("1.0", "https://wlcg.cern.ch/jwt/v1/any", "gridlab")
    assert await works(with_claims, token)


def test_a_claim_of_ours_can_not_be_replaced(database_urls: object) -> None:
    with pytest.raises(SettingsError, match="may not set sub"):
        more_claims({"sub": "somebody"})


async def test_a_user_who_is_suspended_loses_the_tokens_that_he_has(installation: Installation) -> None:
    token = await access(installation)
    assert await works(installation, token)
    changed = CONFIGURATION.read_text().replace(
        "sub-alice: {PreferedUsername: alice}", "sub-alice: {PreferedUsername: alice, Suspended: [gridlab]}"
    )
    commit(installation.folder / "config.git", changed.encode())
    await installation.runtime.source.refresh()
    headers = {"Authorization": f"Bearer {token}"}
    answer = await installation.http.get("/api/auth/userinfo", headers=headers)
    assert (answer.status_code, "alice is suspended" in answer.json()["detail"]) == (403, True)
    refused = await installation.exchange("alice", "gridlab_user")
    assert refused.status_code == 403

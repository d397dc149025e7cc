"""Access tokens that are revoked before their end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.db.sql.bridge import revoked_access as table
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.services.auth import revoked_access
from diracx_bridge.services.maintenance import forget_old_revocations
from tests.installation import Installation, running
from tests.integration.services.fake_provider import FakeProvider
from tests.integration.services.logins import log_in, on_sqlite, refresh

LIFE = timedelta(minutes=20)


@pytest.fixture
async def other(
    installation: Installation, database_urls: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Installation]:
    """Another service on the same databases, with the same keys; it looks for revocations all the time."""
    monkeypatch.setattr(revoked_access, "EVERY_SECONDS", 0.02)
    async with running(installation.folder, database_urls) as started:
        yield started


async def status(installation: Installation, access_token: str) -> int:
    answer = await installation.http.get("/api/auth/userinfo", headers={"Authorization": f"Bearer {access_token}"})
    return answer.status_code


async def access(installation: Installation, user: str = "alice", group: str = "gridlab_user") -> str:
    return str((await installation.exchange(user, group)).json()["access_token"])


async def becomes(installation: Installation, access_token: str, wanted: int) -> bool:
    """Whether the answer to a request with this token becomes ``wanted`` within two seconds."""
    for _ in range(100):
        if await status(installation, access_token) == wanted:
            return True
        await asyncio.sleep(0.02)
    return False


async def in_the_next_second() -> None:
    await asyncio.sleep(1.01 - time.time() % 1)


async def record(installation: Installation, *subs: str, ago: timedelta = timedelta()) -> None:
    """Revoke as the command does."""
    until = datetime.now(UTC) - ago
    await installation.runtime.jobs.server.write(lambda tx: table.add(tx, subs, until))


async def rows(installation: Installation) -> dict[str, int]:
    found: dict[str, int] = await installation.runtime.jobs.server.read(
        lambda tx: table.since(tx, datetime(2000, 1, 1, tzinfo=UTC))
    )
    return found


async def test_a_login_after_the_revocation_is_good(
    installation: Installation, other: Installation, provider: FakeProvider
) -> None:
    first = (await log_in(installation, provider))["access_token"]
    await record(installation, "gridlab:sub-alice")
    assert await becomes(other, first, 401)
    await in_the_next_second()
    again = (await log_in(installation, provider))["access_token"]
    await asyncio.sleep(0.1)
    assert [await status(service, again) for service in (installation, other)] == [200, 200]


async def test_a_stolen_refresh_token_ends_sessions_and_no_access_tokens(
    installation: Installation, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The jobs of the user go on: whoever replays an old token must not be able to stop them at once."""
    first = await log_in(installation, provider)
    await refresh(installation, first["refresh_token"])
    real = time.time
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda: real() + 61)
        assert (await refresh(installation, first["refresh_token"])).status_code == 401
    await installation.runtime.revoked.look()
    assert await status(installation, first["access_token"]) == 200


@pytest.mark.parametrize(
    ("revoked", "refused"),
    [
        ("gridlab:sub-alice", {"alice"}),
        ("gridlab:SUB-ALICE", set()),
        (table.all_of("gridlab"), {"alice", "bob"}),
        (table.EVERYBODY, {"alice", "bob", "carol"}),
    ],
)
async def test_a_running_service_notices_what_was_revoked_elsewhere(
    other: Installation, revoked: str, refused: set[str]
) -> None:
    tokens = {user: await access(other, user) for user in ("alice", "bob")}
    tokens["carol"] = await access(other, "carol", "biolab_user")
    assert [await status(other, token) for token in tokens.values()] == [200] * 3
    await record(other, "nobody:else", revoked)
    if refused:
        assert await becomes(other, tokens[min(refused)], 401)
    await asyncio.sleep(0.1)
    assert {user for user, token in tokens.items() if await status(other, token) == 401} == refused


async def test_a_service_knows_from_its_start_what_was_revoked(
    installation: Installation, database_urls: Mapping[str, str]
) -> None:
    token = await access(installation)
    await record(installation, "gridlab:sub-alice")
    async with running(installation.folder, database_urls) as started:
        assert await status(started, token) == 401


async def test_the_later_of_two_revocations_counts_and_old_ones_are_forgotten(installation: Installation) -> None:
    await record(installation, "a:new", "a:again")
    before = await rows(installation)
    await record(installation, "a:again", "a:old", ago=2 * LIFE)
    assert await rows(installation) == before | {"a:old": pytest.approx(time.time() - 2400, abs=60)}
    await record(installation, "a:old", ago=LIFE + timedelta(minutes=1))
    await forget_old_revocations(installation.runtime.jobs, LIFE)
    assert await rows(installation) == before


async def test_users_whose_subjects_differ_in_case_alone_are_revoked_apart(installation: Installation) -> None:
    for sub in ("gridlab:SUB-ALICE", "gridlab:sub-alice"):
        await record(installation, sub)
    assert set(await rows(installation)) == {"gridlab:SUB-ALICE", "gridlab:sub-alice"}


@on_sqlite
async def test_what_is_known_stays_refused_while_the_table_can_not_be_read(installation: Installation) -> None:
    revoked: Any = installation.runtime.revoked
    token, bob = await access(installation), await access(installation, "bob")
    await record(installation, "gridlab:sub-alice")
    await revoked.look()
    drop = Statement("DROP TABLE {BridgeDB}.RevokedAccess")
    await installation.runtime.jobs.server.write(lambda tx: tx.execute(drop))
    with capture_logs() as logs:
        for _ in range(3):
            await revoked.look()
        assert [await status(installation, t) for t in (token, bob)] == [401, 200]
    told = [line["event"] for line in logs if "revoked" in line["event"]]
    assert told == [
        "revoked access tokens can't be read: those that are known stay refused",
    ]


@on_sqlite
async def test_a_database_without_the_table_is_told_at_the_start(
    installation: Installation, database_urls: Mapping[str, str], tmp_path: Path
) -> None:
    drop = Statement("DROP TABLE {BridgeDB}.RevokedAccess")
    await installation.runtime.jobs.server.write(lambda tx: tx.execute(drop))
    with pytest.raises(
        SettingsError, match="RevokedAccess is missing: create it with `diracx-bridge db init BridgeDB`"
    ):
        async with running(tmp_path, database_urls):
            pass

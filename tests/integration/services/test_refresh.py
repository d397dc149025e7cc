"""Refreshing: rotation, the grace for lost answers, theft, and the end of sessions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from diracx_bridge.services.auth import keys
from tests.installation import Installation, running
from tests.integration.services.fake_provider import FakeProvider
from tests.integration.services.logins import (
    authorize,
    code_for,
    log_in,
    log_in_device,
    on_sqlite,
    poll,
    redeem,
    refresh,
    start_device,
)
from tests.integration.services.test_auth import claims

REUSED = "potential attack"


@pytest.fixture
async def strict(database_urls: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    """An installation without a grace period, as upstream."""
    async with running(tmp_path, database_urls, bridge_refresh_grace_seconds=0) as started:
        yield started


async def test_a_login_is_rotated_and_keeps_its_end(installation: Installation, provider: FakeProvider) -> None:
    first = (await log_in(installation, provider))["refresh_token"]
    renewed = (await refresh(installation, first)).json()["refresh_token"]
    assert renewed != first
    assert claims(renewed)["exp"] == claims(first)["exp"]
    assert claims(renewed)["legacy_exchange"] is False
    assert (await refresh(installation, renewed)).status_code == 200


async def test_a_lost_answer_is_given_again(installation: Installation, provider: FakeProvider) -> None:
    first = (await log_in(installation, provider))["refresh_token"]
    lost, again = await refresh(installation, first), await refresh(installation, first)
    assert again.status_code == 200
    assert again.json()["refresh_token"] == lost.json()["refresh_token"]
    assert (await refresh(installation, again.json()["refresh_token"])).status_code == 200


async def test_a_late_process_gets_the_newest_token(installation: Installation, provider: FakeProvider) -> None:
    first = (await log_in(installation, provider))["refresh_token"]
    second = (await refresh(installation, first)).json()["refresh_token"]
    third = (await refresh(installation, second)).json()["refresh_token"]
    assert (await refresh(installation, first)).json()["refresh_token"] == third


async def test_simultaneous_refreshes_of_one_login_all_succeed(
    installation: Installation, provider: FakeProvider
) -> None:
    first = (await log_in(installation, provider))["refresh_token"]
    answers = await asyncio.gather(*(refresh(installation, first) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    (renewed,) = {answer.json()["refresh_token"] for answer in answers}
    assert (await refresh(installation, renewed)).status_code == 200


async def test_a_token_that_comes_back_after_the_grace_ends_all_sessions_of_the_user(
    installation: Installation, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = [(await log_in(installation, provider))["refresh_token"] for _ in range(2)]
    somebody = (await log_in(installation, provider, "sub-bob"))["refresh_token"]
    renewed = (await refresh(installation, first)).json()["refresh_token"]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 61)
    reused = await refresh(installation, first)
    assert (reused.status_code, REUSED in reused.json()["detail"]) == (401, True)
    assert reused.json()["error"] == "invalid_grant"
    for token in (renewed, other):
        assert (await refresh(installation, token)).status_code == 401
    assert (await refresh(installation, somebody)).status_code == 200


async def test_without_a_grace_one_of_two_simultaneous_refreshes_wins(
    strict: Installation, provider: FakeProvider
) -> None:
    first = (await log_in(strict, provider))["refresh_token"]
    answers = await asyncio.gather(*(refresh(strict, first) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_the_grace_outlives_a_rotation_of_the_keys(
    database_urls: Mapping[str, str], tmp_path: Path, provider: FakeProvider
) -> None:
    async with running(tmp_path, database_urls) as before:
        first = (await log_in(before, provider))["refresh_token"]
        renewed = (await refresh(before, first)).json()["refresh_token"]
    keys.rotate(tmp_path / "keys.json")
    async with running(tmp_path, database_urls) as after:
        again = (await refresh(after, first)).json()["refresh_token"]
        assert claims(again) == claims(renewed)
        assert (await refresh(after, again)).status_code == 200


async def test_a_code_that_is_sent_many_times_at_once_gives_tokens_once(
    installation: Installation, provider: FakeProvider
) -> None:
    code = await code_for(installation, provider)
    answers = await asyncio.gather(*(redeem(installation, code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]


async def test_two_polls_at_once_give_tokens_once(installation: Installation, provider: FakeProvider) -> None:
    begun = await start_device(installation)
    await log_in_device(installation, provider, begun)
    answers = await asyncio.gather(*(poll(installation, begun) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]


async def test_two_browsers_that_come_back_at_once_complete_a_login_once(
    installation: Installation, provider: FakeProvider
) -> None:
    sent = await authorize(installation)
    backs = [provider.log_in(sent.headers["location"]) for _ in range(4)]
    path = "/api/auth/authorize/complete"
    answers = await asyncio.gather(*(installation.http.get(path, params=back) for back in backs))
    assert sorted(answer.status_code for answer in answers) == [307, 400, 400, 400]


async def test_many_logins_at_once_do_not_wait_for_each_other(
    installation: Installation, provider: FakeProvider
) -> None:
    codes = await asyncio.gather(*(code_for(installation, provider) for _ in range(8)))
    answers = await asyncio.gather(*(redeem(installation, code) for code in codes))
    assert [answer.status_code for answer in answers] == [200] * 8


async def end_session(installation: Installation, token: str, **form: str) -> object:
    answer = await installation.http.post("/api/auth/revoke", data={"token": token, **form})
    return answer.status_code, answer.json()


async def test_a_revoked_login_is_over_and_others_go_on(installation: Installation, provider: FakeProvider) -> None:
    first, other = [(await log_in(installation, provider))["refresh_token"] for _ in range(2)]
    assert await end_session(installation, first, token_type_hint="refresh_token") == (200, "Refresh token revoked")
    assert await end_session(installation, first) == (200, "Refresh token revoked")
    assert (await refresh(installation, other)).status_code == 200
    assert (await refresh(installation, first)).status_code == 401


async def test_ending_a_session_ends_it_also_if_the_last_answer_was_lost(
    installation: Installation, provider: FakeProvider
) -> None:
    first = (await log_in(installation, provider))["refresh_token"]
    lost = (await refresh(installation, first)).json()["refresh_token"]
    await end_session(installation, first)
    assert (await refresh(installation, lost)).status_code == 401
    ended = await refresh(installation, first)
    assert (ended.status_code, "was ended" in ended.json()["detail"]) == (401, True)


async def test_a_revoked_token_of_dirac_stays_revoked(installation: Installation) -> None:
    token = (await installation.exchange("alice", "gridlab_user")).json()["refresh_token"]
    await end_session(installation, token)
    assert (await refresh(installation, token)).status_code == 401


@on_sqlite
async def test_ending_what_is_no_session_is_no_error(installation: Installation, tmp_path: Path) -> None:
    issued = (await installation.exchange("alice", "gridlab_user", expires_minutes=0)).json()
    forged = issued["refresh_token"][:-4] + "AAAA"
    for token in ("garbage", "a.b.c", issued["access_token"], issued["refresh_token"], forged):
        assert await end_session(installation, token) == (200, "Refresh token revoked")


@on_sqlite
async def test_a_revocation_that_makes_no_sense_is_told(installation: Installation) -> None:
    status, told = await end_session(installation, "x", client_id="somebody")
    assert (status, told["error"]) == (401, "invalid_client")
    status, told = await end_session(installation, "x", token_type_hint="access_token")
    assert (status, told["error"]) == (400, "unsupported_token_type")

"""The commands for tokens as administrators run them, in processes of their own, beside a service that runs."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx
import pytest

from tests.installation import LEGACY_AUTHORIZATION, settings_for
from tests.integration.cli.test_commands import run
from tests.live import environment_of, serving

EVERY_SECONDS = 0.1
"""How often the service looks for what was revoked."""


class Installation:
    """A service, and the commands in its environment."""

    def __init__(self, url: str, env: Mapping[str, str]) -> None:
        self.url = url
        self.env = env

    def auth(self, *arguments: str, **env: str) -> CompletedProcess[str]:
        return run("auth", *arguments, env={**self.env, **env})

    def answer(self, *arguments: str) -> Any:
        done = self.auth(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def token_of(self, user: str, vo: str = "gridlab") -> str:
        return str(self.pair_of(user, vo)["refresh_token"])

    def pair_of(self, user: str, vo: str = "gridlab") -> Any:
        issued = httpx.get(
            f"{self.url}/api/auth/legacy-exchange",
            params={"preferred_username": user, "scope": f"vo:{vo}"},
            headers={"Authorization": LEGACY_AUTHORIZATION},
        )
        return issued.raise_for_status().json()

    def status(self, access_token: str) -> int:
        """The answer to a request with this token."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return httpx.get(f"{self.url}/api/auth/userinfo", headers=headers).status_code

    def is_good(self, token: str) -> bool:
        form = {"grant_type": "refresh_token", "client_id": "myDIRACClientID", "refresh_token": token}
        return httpx.post(f"{self.url}/api/auth/token", data=form).is_success


@pytest.fixture
def installation(tmp_path: Path, sqlite_urls: Mapping[str, str]) -> Iterator[Installation]:
    settings = settings_for(tmp_path, sqlite_urls)
    prelude = f"from diracx_bridge.services.auth import revoked_access as r; r.EVERY_SECONDS = {EVERY_SECONDS}"
    with serving(settings, tmp_path, prelude=prelude) as server:
        yield Installation(server.url, environment_of(settings))


def test_tokens_are_listed_and_revoked_by_the_name_of_their_user(installation: Installation) -> None:
    first, second, other = (installation.token_of(user) for user in ("alice", "alice", "bob"))
    listed = installation.answer("tokens", "--user", "alice")
    assert [(t["user"], t["vo"], t["status"]) for t in listed["tokens"]] == [("alice", "gridlab", "created")] * 2
    assert listed["next"] is None
    done = installation.auth("revoke", "--user", "alice", "--json")
    assert json.loads(done.stdout) == {"revoked": 2}
    assert "tokens revoked" in done.stderr
    assert "gridlab:sub-alice" in done.stderr
    assert [installation.is_good(token) for token in (first, second, other)] == [False, False, True]
    assert len(installation.answer("tokens", "--user", "alice", "--status", "revoked")["tokens"]) == 2


@pytest.mark.parametrize(
    ("selection", "refused"),
    [
        (("--user", "alice"), ["alice"]),
        (("--vo", "gridlab", "--yes"), ["alice", "bob"]),
        (("--all", "--yes"), ["alice", "bob", "carol"]),
    ],
)
def test_access_tokens_are_revoked_with_the_sessions_in_a_running_service(
    installation: Installation, selection: tuple[str, ...], refused: list[str]
) -> None:
    who = {"alice": "gridlab", "bob": "gridlab", "carol": "biolab"}
    tokens = {user: installation.pair_of(user, vo)["access_token"] for user, vo in who.items()}
    assert [installation.status(token) for token in tokens.values()] == [200] * 3
    done = installation.auth("revoke", *selection)
    assert (done.returncode, "access_tokens=True" in done.stderr) == (0, True), done.stderr
    time.sleep(10 * EVERY_SECONDS)
    assert [user for user, token in tokens.items() if installation.status(token) == 401] == refused
    again = installation.pair_of("alice")["access_token"]
    assert installation.status(again) == 200


def test_access_tokens_go_on_when_one_session_is_revoked(installation: Installation) -> None:
    token = installation.pair_of("alice")["access_token"]
    newest = installation.answer("tokens", "--limit", "1")["tokens"][0]["jti"]
    assert "Access tokens go on until they end\n" in installation.auth("revoke", newest).stderr
    time.sleep(5 * EVERY_SECONDS)
    assert installation.status(token) == 200


def test_revoking_without_bridgedb_says_that_access_tokens_go_on(sqlite_urls: Mapping[str, str]) -> None:
    env = {"DIRACX_DB_URL_AUTHDB": sqlite_urls["AuthDB"]}
    done = run("auth", "revoke", "--user", "gridlab:sub-alice", env=env)
    assert done.returncode == 0, done.stderr
    assert "Access tokens go on until they end: DIRACX_BRIDGE_DB_URL is not set" in done.stderr


def test_a_bridgedb_without_the_table_of_revocations_is_told_with_the_remedy(sqlite_urls: Mapping[str, str]) -> None:
    url = sqlite_urls["BridgeDB"]
    with closing(sqlite3.connect(url.partition(":///")[2])) as connection:
        connection.execute("DROP TABLE RevokedAccess")
    env = {"DIRACX_DB_URL_AUTHDB": url, "DIRACX_BRIDGE_DB_URL": url}
    done = run("auth", "revoke", "--user", "gridlab:sub-alice", env=env)
    assert done.returncode == 1
    assert "Refresh tokens are revoked, access tokens go on until they end: BridgeDB RevokedAccess" in done.stderr
    assert "`diracx-bridge db init BridgeDB`" in done.stderr
    assert ("tokens revoked" in done.stderr, "access_tokens=False" in done.stderr) == (True, True)
    assert run("db", "init", "BridgeDB", env=env).returncode == 0
    assert run("auth", "revoke", "--user", "gridlab:sub-alice", env=env).returncode == 0


def test_pages_of_tokens_follow_each_other(installation: Installation) -> None:
    for _ in range(3):
        installation.token_of("alice")
    newest = installation.answer("tokens", "--limit", "2")
    rest = installation.answer("tokens", "--limit", "2", "--before", newest["next"])
    seen = [token["jti"] for token in newest["tokens"] + rest["tokens"]]
    assert (len(seen), seen, rest["next"]) == (3, sorted(seen, reverse=True), None)


def test_one_token_is_revoked_by_its_jti(installation: Installation) -> None:
    kept = installation.token_of("alice")
    gone = installation.token_of("alice")
    newest = installation.answer("tokens", "--limit", "1")["tokens"][0]["jti"]
    assert installation.answer("revoke", newest, "--json") == {"revoked": 1}
    assert [installation.is_good(token) for token in (kept, gone)] == [True, False]


def test_the_tokens_of_a_vo_are_revoked_only_after_a_yes(installation: Installation) -> None:
    ours, theirs = installation.token_of("alice"), installation.token_of("carol", "biolab")
    refused = installation.auth("revoke", "--vo", "biolab")
    assert refused.returncode == 1
    assert "all users of biolab" in refused.stderr
    assert installation.is_good(theirs)
    assert installation.answer("revoke", "--vo", "biolab", "--yes", "--json") == {"revoked": 1}
    assert [installation.is_good(token) for token in (ours, theirs)] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("revoke",), 2, "say which tokens"),
        (("revoke", "--all", "--user", "alice"), 2, "say which tokens"),
        (("revoke", "--user", "nobody"), 1, "No VO has a user nobody"),
        (("tokens", "--user", "gridlab:sub-alice", "--vo", "biolab"), 1, "is not of VO biolab"),
        (("revoke", "01a22ee6-b000-7000-8000-000000000000"), 1, "There is no refresh token with jti 01a22ee6"),
    ],
)
def test_what_can_not_be_done_is_told_in_one_line(
    tmp_path: Path, sqlite_urls: Mapping[str, str], arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = run("auth", *arguments, env=environment_of(settings_for(tmp_path, sqlite_urls)))
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_users_are_given_by_subject_without_a_configuration(sqlite_urls: Mapping[str, str]) -> None:
    env = {"DIRACX_DB_URL_AUTHDB": sqlite_urls["AuthDB"]}
    assert json.loads(run("auth", "tokens", "--user", "gridlab:sub-alice", env=env).stdout)["tokens"] == []
    by_name = run("auth", "tokens", "--user", "alice", env=env)
    assert (by_name.returncode, "DIRACX_CONFIG_BACKEND_URL" in by_name.stderr) == (1, True)


def test_cleaning_up_reports_what_it_did(sqlite_urls: Mapping[str, str]) -> None:
    env = {"DIRACX_DB_URL_AUTHDB": sqlite_urls["AuthDB"]}
    assert run("auth", "cleanup", env=env).stdout == "Nothing to do\n"
    report = json.loads(run("auth", "cleanup", "--json", "--dry-run", env=env).stdout)
    assert report["deleted"] == {"DeviceFlows": 0, "AuthorizationFlows": 0, "RefreshTokens": 0}
    missing = run("auth", "cleanup")
    assert (missing.returncode, "DIRACX_DB_URL_AUTHDB must be set" in missing.stderr) == (1, True)

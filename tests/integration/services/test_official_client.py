"""The official diracx-client and command line 0.7.0, unmodified, against our server."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from diracx_bridge.db.sql.server import Databases
from tests.installation import ISSUER, LEGACY_AUTHORIZATION, settings_for
from tests.jobs import Jobs
from tests.live import LiveServer, serving
from tests.servers.peer import Peer

SCRIPT = Path(__file__).with_name("official_client.py")


@pytest.fixture
def live(database_urls: Mapping[str, str], tmp_path: Path) -> Iterator[LiveServer]:
    with serving(settings_for(tmp_path, database_urls), tmp_path) as server:
        yield server


def add_job(urls: Mapping[str, str], status: str) -> int:
    async def add() -> int:
        databases = Databases(urls)
        try:
            return (await Jobs(databases.server_of("JobDB")).add(Status=status))[0]
        finally:
            await databases.close()

    return asyncio.run(add())


def client_environment(
    live: LiveServer, folder: Path, user: str = "alice", group: str = "gridlab_user"
) -> dict[str, str]:
    """What points the official client to our server, as this user; the access token is renewed at the first request."""
    issued = httpx.get(
        f"{live.url}/api/auth/legacy-exchange",
        params={"preferred_username": user, "scope": f"vo:gridlab group:{group}"},
        headers={"Authorization": LEGACY_AUTHORIZATION},
    ).json()
    path = folder / "credentials.json"
    path.touch(0o600)
    path.write_text(json.dumps({**issued, "expires_on": int(time.time()) - 1}))
    return {"DIRACX_URL": live.url, "DIRACX_CREDENTIALS_PATH": str(path), "HOME": os.environ["HOME"]}


def test_the_client_uses_every_route_sync_and_async(
    live: LiveServer, database_urls: Mapping[str, str], peer: Peer, tmp_path: Path
) -> None:
    job = add_job(database_urls, "Matched")
    environment = client_environment(live, tmp_path)
    done = peer.run(SCRIPT, str(job), env=environment)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    for face, status, site in (("sync", "Running", "LCG.Sync.org"), ("async", "Completing", "LCG.Async.org")):
        assert seen[face] == {
            "success": {str(job): status},
            "failed": {},
            "commands": [],
            "jobs": [[job, status, site]],
            "summary": [{"Status": status, "count": 1}],
            "user": "alice",
            "vos": ["biolab", "gridlab"],
        }
    assert seen["beyond"] == []
    assert json.loads((tmp_path / "credentials.json").read_text())["expires_on"] > time.time() + 600


def test_the_command_line_searches_and_tells_who_it_is(
    live: LiveServer, database_urls: Mapping[str, str], peer: Peer, tmp_path: Path
) -> None:
    job = add_job(database_urls, "Waiting")
    environment = client_environment(live, tmp_path)
    found = peer.command("dirac", "jobs", "search", "--condition", f"JobID eq {job}", env=environment)
    assert found.returncode == 0, found.stderr
    assert [(row["JobID"], row["Status"]) for row in json.loads(found.stdout)] == [(job, "Waiting")]
    user = peer.command("dirac", "whoami", env=environment)
    assert json.loads(user.stdout)["preferred_username"] == "alice", user.stderr
    dumped = peer.command("dirac", "config", "dump", env=environment)
    assert "gridlab" in json.loads(dumped.stdout)["Registry"], dumped.stderr


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize("face", ["sync", "async"])
def test_the_client_uses_the_routes_for_tokens(live: LiveServer, peer: Peer, tmp_path: Path, face: str) -> None:
    environment = client_environment(live, tmp_path)
    done = peer.run(SCRIPT.with_name("official_auth.py"), face, env=environment)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    device_code = "urn:ietf:params:oauth:grant-type:device_code"
    assert seen == {
        "issuer": ISSUER,
        "grants": ["authorization_code", "refresh_token", device_code],
        "keys": [["alg", "crv", "key_ops", "kid", "kty", "use", "x"]],
        "vos": ["biolab", "gridlab"],
        "security": "Contact: mailto:help@gridlab.example.org",
        "user": ["alice", "gridlab", "gridlab_user", ["NormalUser", "PrivateLimitedDelegation"]],
        "expires_in": 600,
        "pending": "authorization_pending",
        "unknown": "invalid_grant",
        "bad scope": [400, "Unrecognised scopes: ['openid']"],
        "bad code": [400, "No login waits for this code: it is mistyped, used or expired; start the login again"],
        "bad state": [400, "Invalid state: this login is too old or not ours; start it again"],
        "tokens": [[1, "vo:gridlab group:gridlab_user", "gridlab:sub-alice"]],
        "bad jti": [400, "'nonsense' is no UUID"],
        "revoked": "Refresh token revoked",
        "ended": "Refresh token revoked",
    }
    credentials = tmp_path / "credentials.json"
    kept = json.loads(credentials.read_text())
    credentials.write_text(json.dumps({**kept, "expires_on": int(time.time()) - 1}))
    refused = peer.command("dirac", "whoami", env=environment)
    assert "This token was revoked; get a new proxy with a token" in " ".join(refused.stderr.split())


def test_the_client_and_the_command_line_submit_and_reschedule(live: LiveServer, peer: Peer, tmp_path: Path) -> None:
    environment = client_environment(live, tmp_path)
    done = peer.run(SCRIPT.with_name("official_submission.py"), env=environment)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    for face in ("sync", "async"):
        assert seen[face] == {
            "bulk": [["Received", "Job accepted"]] * 2,
            "parametric": [["Submitting", "Bulk transaction confirmation"]] * 2,
            "times": True,
            "again": {"failed": {}, "jobs": [1, 1]},
            "reset": [0, 0],
        }
    assert "Job 1: no value is given for 'Nonsense'" in seen["refused"]
    jdl = tmp_path / "job.jdl"
    jdl.write_text('Executable = "/bin/echo"; JobName = "by the command line";')
    submitted = peer.command("dirac", "jobs", "submit", str(jdl), env=environment)
    assert submitted.returncode == 0, submitted.stderr
    assert "Inserted 1 jobs" in submitted.stdout, submitted.stdout

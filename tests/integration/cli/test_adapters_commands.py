"""The commands that read the ledger, against a server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from diracx_bridge.cli.adapters import app
from diracx_bridge.client import Credentials, write_credentials
from diracx_bridge.core.errors import ConfigurationError, NotFound
from diracx_bridge.legacy_adapters.administration.change import as_cfg
from tests.installation import LEGACY_AUTHORIZATION, settings_for
from tests.live import LiveServer, serving

SERVICE = "WorkloadManagement/JobStateUpdate"
CFG = as_cfg(SERVICE, {"Stage": "compare"})
CALL = {"service": SERVICE, "method": "setJobSite", "arguments": [99999999, "x"], "keywords": {}, "user": "alice"}


def line(count: int, **changed: Any) -> dict[str, Any]:
    made = {
        "service": SERVICE, "method": "setJobSite", "vo": "gridlab", "group": "gridlab_user", "user": "alice",
        "stage": "compare", "side": "legacy", "outcome": "ok", "comparison": "equal", "count": count, "seconds": 1.0,
        "longest": 0.1, "classes": [0, 0, count, *[0] * 8],
    }  # fmt: skip
    return {**made, **changed}


def mismatch(fingerprint: str, call: dict[str, Any]) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint, "service": SERVICE, "method": "setJobSite", "vo": "gridlab", "what": "Jobs.Site",
        "legacy": "x", "diracx": "y", "call": {"group": "gridlab_user", "vo": "gridlab", **call}, "count": 3,
    }  # fmt: skip


@pytest.fixture
def server(sqlite_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """A server with a ledger; its administrator is logged in here."""
    with serving(settings_for(tmp_path, sqlite_urls), tmp_path) as started:
        headers = {"Authorization": LEGACY_AUTHORIZATION}
        answer = httpx.get(
            f"{started.url}/api/auth/legacy-exchange",
            params={"preferred_username": "admin", "scope": "vo:gridlab group:gridlab_admin"},
            headers=headers,
        ).json()
        credentials = tmp_path / "credentials.json"
        write_credentials(
            credentials, Credentials(answer["access_token"], int(time.time()) + 1000, answer["refresh_token"])
        )
        monkeypatch.setenv("DIRACX_URL", started.url)
        monkeypatch.setenv("DIRACX_CREDENTIALS_PATH", str(credentials))
        batch = {
            "calls": [line(120), line(3, comparison="mismatch"), line(2, method="sendHeartBeat", comparison="skipped")],
            "mismatches": [mismatch("a" * 64, CALL), mismatch("b" * 64, {**CALL, "arguments": [1, "***"]})],
        }
        assert httpx.post(f"{started.url}/api/bridge/ledger", json=batch, headers=headers).status_code == 204
        yield started


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    if isinstance(result.exception, ConfigurationError | NotFound):
        raise result.exception
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if result.stdout else None


def test_commands_show_what_the_ledger_has(server: LiveServer, tmp_path: Path) -> None:
    beats, sites = run("report", "JobStateUpdate")
    assert (beats["method"], beats["calls"]) == ("sendHeartBeat", 2)
    assert (sites["calls"], sites["mismatches"], sites["median"], sites["stage"]) == (123, 3, 0.025, "compare")

    cfg = tmp_path / "dirac.cfg"
    cfg.write_text(CFG)
    plan = run("plan", "JobStateUpdate", "--vo", "gridlab", "--cfg", str(cfg), code=1)
    assert (plan["stage"], plan["next"], plan["allowed"]) == ("compare", "canary", False)
    assert len(plan["missing"]) == 4  # the hours, two of the heartbeats, the mismatches

    first, second = run("mismatches")
    assert {first["fingerprint"], second["fingerprint"]} == {"a" * 64, "b" * 64}
    outcome = run("replay", "aaaaaaaa")
    assert outcome["now"] == {"answer": {"OK": True, "Value": 0}, "changes": []}
    with pytest.raises(ConfigurationError, match="looked like a secret"):
        run("replay", "bbbbbbbb")
    with pytest.raises(NotFound, match="starts with cccc"):
        run("replay", "cccc")

    CliRunner().invoke(app, ["mismatches", "--forget", "a" * 12])
    (left,) = run("mismatches")
    assert left["fingerprint"] == "b" * 64

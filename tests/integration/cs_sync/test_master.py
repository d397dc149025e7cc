"""The real configuration service of DIRAC is followed over both of its protocols."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from diracx_bridge.core.errors import PermissionDenied, Unavailable
from diracx_bridge.cs_sync.follow.master import MasterSource
from diracx_bridge.cs_sync.follow.rpc import Credential
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import merged

from .following import Daemon, history, run, until
from .repository import Repository

COMMIT = """
import DIRAC
DIRAC.initialize()
import sys
from answer import answer
from DIRAC.ConfigurationSystem.Client.CSAPI import CSAPI

api = CSAPI()
assert api.initialize()["OK"]
api.setOption("/Operations/Defaults/JobDescription/DefaultCPUTime", sys.argv[1])
answer(api.commit())
"""
SYNC = {
    "DiracX": {
        "CsSync": {
            "VOs": {
                "dirac": {
                    "DefaultGroup": "dirac_user",
                    "IdP": {"URL": "https://idp.example.org", "ClientID": "client"},
                    "UserSubjects": {"alice": "sub-alice"},
                }
            }
        }
    }
}


@pytest.fixture
def credential(legacy: Legacy) -> Credential:
    return Credential(legacy.proxy("alice"), None, legacy.authorities)


@pytest.mark.parametrize("protocol", ["https", "dips"])
def test_the_text_is_the_one_that_the_service_has(legacy: Legacy, credential: Credential, protocol: str) -> None:
    legacy.services()
    url = legacy.cs_url if protocol == "https" else legacy.cs_over_diset()
    source = MasterSource([url], credential)
    text = source.look()
    assert text is not None
    assert b"dirac_user" in text.data
    assert b"Bridge-Test" in text.data
    assert source.look() is None
    again = source.look(again=True)
    assert again == text


def test_a_commit_is_seen_with_its_author_and_reaches_the_repository(
    legacy: Legacy, repository: Repository, tmp_path: Path
) -> None:
    legacy.configure(SYNC)
    legacy.services()
    script = tmp_path / "commit.py"
    script.write_text(COMMIT)
    arguments = (
        legacy.cs_url, repository.path, "--state", tmp_path / "state", "--interval", "0.2",
        "--proxy", legacy.proxy("adminuser", "dirac_admin"), "--ca-directory", legacy.authorities,
    )  # fmt: skip
    with Daemon(tmp_path / "log", *arguments) as daemon:
        until("ready", daemon.ready)
        for seconds in ("1001", "1002"):
            committed = legacy.run(script, seconds, user="adminuser", group="dirac_admin", services=True)
            assert committed["OK"], committed
            until("it is published", lambda seconds=seconds: seconds in str(repository.content()))
        assert repository.log("%an")[1:] == ["adminuser", "adminuser"]
        legacy.stop()
        assert "does not answer" in until("the outage is told", daemon.problems)["source"]
        assert daemon.get("/healthz")[0] == 200
        legacy.services()
        until("ready again", daemon.ready)
    assert len(repository.log("%s")) == 3
    _import_both_ways(legacy, repository, tmp_path)


def _import_both_ways(legacy: Legacy, repository: Repository, tmp_path: Path) -> None:
    """The history of the same commits, from the backups of the master and from the master itself."""
    proxy = ("--proxy", legacy.proxy("adminuser", "dirac_admin"), "--ca-directory", legacy.authorities)
    logs = []
    for old in (legacy.folder / "root" / "etc" / "csbackup", legacy.cs_url):
        made = Repository(tmp_path / f"history-{len(logs)}.git")
        done = history(old, made.path, "--state", tmp_path / f"history-{len(logs)}", *proxy)
        assert done.returncode == 0, done.stderr
        logs.append(made.log("%an %at %ct %(trailers:key=CS-Version,valueonly,separator=)"))
        assert "1002" in str(made.content())
    assert logs[0] == logs[1]
    assert [line.split()[0] for line in logs[0]] == ["adminuser", "adminuser"]
    assert all(line.split()[1] == line.split()[2] for line in logs[0])
    versions = repository.log("%(trailers:key=CS-Version,valueonly,separator=)")[1:]
    assert [line.split(maxsplit=3)[3] for line in logs[0]] == versions


def test_commits_are_verified_by_the_daemon_where_the_script_stands_for_the_official_command(
    legacy: Legacy, repository: Repository, tmp_path: Path
) -> None:
    switch = {"Systems": {"Configuration": {"Services": {"Server": {"VerifyDiracXSyncOnCommit": "True"}}}}}
    legacy.configure(merged(SYNC, switch))
    legacy.services()
    script, socket_file = tmp_path / "commit.py", tmp_path / "verify.sock"
    script.write_text(COMMIT)
    path = f"{Path(__file__).parents[3] / 'examples' / 'cs-sync'}:{os.environ['PATH']}"

    def commit(seconds: str, **env: str) -> Any:
        variables = {"PATH": path, "DIRACX_BRIDGE_VERIFY_AT": str(socket_file), **env}
        return legacy.run(script, seconds, user="adminuser", group="dirac_admin", services=True, env=variables)

    arguments = (legacy.registry_cfg, repository.path, "--state", tmp_path / "state", "--listen", socket_file)
    with Daemon(tmp_path / "log", *arguments) as daemon:
        until("ready", daemon.ready)
        refused = commit("many", DIRACX_BRIDGE_VERIFY_BLOCK="yes")
        assert not refused["OK"]
        assert refused["Message"].startswith("ValidationError: New errors:\nline ")
        assert "DefaultCPUTime = 'many' is no whole number" in refused["Message"]
        assert commit("2001", DIRACX_BRIDGE_VERIFY_BLOCK="yes")["OK"]
        until("it is published", lambda: "2001" in str(repository.content()))
        assert commit("several")["OK"]
        assert daemon.metric("verified_total") == 3
    assert commit("2002", DIRACX_BRIDGE_VERIFY_BLOCK="yes")["OK"]


def test_an_untrusted_server_and_a_missing_right_are_told(
    legacy: Legacy, credential: Credential, tmp_path: Path
) -> None:
    legacy.services()
    user = legacy.authorities.parent / "users" / "alice"
    unknown = Credential(user / "usercert.pem", user / "userkey.pem", tmp_path)
    with pytest.raises(Unavailable, match="is not trusted"):
        MasterSource([legacy.cs_url], unknown).look()
    with pytest.raises((PermissionDenied, Unavailable), match="getVersionContents"):
        MasterSource([legacy.cs_url], credential).contents("2026-01-01 00:00:00.000000")


def test_the_next_server_is_asked_when_the_first_does_not_answer(legacy: Legacy, credential: Credential) -> None:
    legacy.services()
    assert MasterSource(["https://localhost:1/Configuration/Server", legacy.cs_url], credential).look()


def test_a_run_against_a_master_that_is_down_fails_and_says_so(
    legacy: Legacy, repository: Repository, tmp_path: Path
) -> None:
    done = run(
        "https://localhost:1/Configuration/Server", repository.path, "--state", tmp_path / "state",
        "--proxy", legacy.proxy("alice"), "--ca-directory", legacy.authorities,
    )  # fmt: skip
    assert done.returncode == 3
    assert "does not answer" in done.stderr

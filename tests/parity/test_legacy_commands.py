"""Our dirac-wms-job-* commands say what DIRAC's own say, of jobs of the same kind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

from diracx_bridge.client import Credentials, write_credentials
from tests.live import LiveServer
from tests.servers.databases import WorkerDatabases
from tests.servers.legacy import Legacy
from tests.servers.sql_server import SqlServer

SCRIPT = Path(__file__).parent / "scripts" / "job_commands.py"


def ours(name: str, *arguments: str, env: dict[str, str]) -> tuple[str, int]:
    code = f"from diracx_bridge.cli.legacy_commands.main import {name}; {name}()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr.count("\n") == 1, done.stderr
    assert "goes on as `diracx-bridge jobs" in done.stderr
    return done.stdout, done.returncode


def without_ids(text: str, jobs: list[int]) -> str:
    """``text`` with ids by their place, and times of the run left out."""
    for place, job in enumerate(jobs):
        text = re.sub(rf"\b{job}\b", f"<{place}>", text)
    text = re.sub(r"datetime\.datetime\([^)]*\)", "<time>", text)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "<time>", text)


def test_commands_say_what_dirac_says(
    legacy: Legacy, bridge: LiveServer, mariadb: SqlServer, worker_databases: WorkerDatabases, tmp_path: Path
) -> None:
    # ids that nothing else in the output looks like
    mariadb.execute(f"ALTER TABLE {worker_databases.names['JobDB']}.JobJDLs AUTO_INCREMENT = 7654321")
    answer = httpx.get(
        f"{bridge.url}/api/auth/legacy-exchange",
        params={"preferred_username": "alice", "scope": "vo:dirac group:dirac_user"},
        headers={"Authorization": f"Bearer {legacy.api_key}"},
    )
    write_credentials(tmp_path / "credentials.json", Credentials.of_answer(answer.raise_for_status().json()))
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("DIRACX_")},
        "DIRACX_URL": bridge.url,
        "DIRACX_CREDENTIALS_PATH": str(tmp_path / "credentials.json"),
    }
    theirs, mine = ([legacy.new_job(owner="alice", group="dirac_user") for _ in range(4)] for _ in range(2))

    for job in (theirs[3], mine[3]):
        legacy.call("JobStateUpdate", "setJobStatus", job, "Failed", "", "test", user="alice", group="dirac_user")

    def commands(jobs: list[int]) -> list[tuple[str, ...]]:
        one, two, three, four = map(str, jobs)
        return [
            ("status", f"{one},{two}"),
            ("logging_info", one),
            ("attributes", one),
            ("get_jdl", one, "-O"),
            ("parameters", one),
            ("kill", two),
            ("status", two),
            ("delete", three),
            ("reschedule", four),
            ("logging_info", four),
            ("status", "x"),
        ]

    expected = legacy.run(SCRIPT, commands(theirs), services=True, seconds=300)
    for command, (text, code, errors) in zip(commands(mine), expected, strict=True):
        got = ours(*command, env=env)
        assert (without_ids(got[0], mine), got[1]) == (without_ids(text, theirs), code), (command, errors)

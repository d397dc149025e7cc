"""Pilots and resource status of the official client 0.7.0, unmodified."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.installation import settings_for
from tests.integration.services.test_official_client import client_environment
from tests.live import serving
from tests.servers.peer import Peer

SCRIPT = Path(__file__).with_name("official_pilots.py")


@pytest.mark.parametrize("database_urls", ["mariadb"], indirect=True)
def test_the_official_client_uses_every_route(database_urls: Mapping[str, str], peer: Peer, tmp_path: Path) -> None:
    with serving(settings_for(tmp_path, database_urls), tmp_path) as live:
        environment = client_environment(live, tmp_path, user="admin", group="gridlab_admin")
        done = peer.run(SCRIPT, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "sync": [
            [{"PilotStamp": "sync", "Status": "Running", "BenchMark": 1.5}],
            [{"Status": "Running", "count": 1}],
        ],
        "async": [
            [{"PilotStamp": "async", "GridSite": "LCG.X.org", "Queue": "long"}],
            [{"Status": "Done", "count": 1}],
        ],
    }

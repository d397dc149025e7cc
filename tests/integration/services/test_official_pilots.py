"""Pilots and resource status of the official client 0.7.0, unmodified."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from diracx_bridge.db.sql.resource_status.schema import resource_status, site_status
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.db.sql.transaction import Transaction
from tests.installation import settings_for
from tests.integration.services.test_official_client import client_environment
from tests.live import serving
from tests.servers.peer import Peer

SCRIPT = Path(__file__).with_name("official_pilots.py")
DATE = {"DateEffective": datetime(2026, 1, 1), "Reason": "why"}
ACTIVE, BANNED = {"allowed": True, "warnings": None}, {"allowed": False, "reason": "why"}
STATUSES = [{"A": {"all": BANNED}}, {"ce": {"all": ACTIVE}}, {}]
STORAGE = [{"se": {**dict.fromkeys(("read", "write", "check"), ACTIVE), "remove": BANNED}}]


def fill(urls: Mapping[str, str]) -> None:
    """A site, a computing element, and a storage element."""
    elements = [("ce", "ComputingElement", "all", "Active"), ("se", "StorageElement", "RemoveAccess", "Banned")]
    elements += [("se", "StorageElement", f"{access}Access", "Active") for access in ("Read", "Write", "Check")]
    names = ("Name", "ElementType", "StatusType", "Status")

    async def work(tx: Transaction) -> None:
        await tx.raw(insert(site_status), {"Name": "A", "Status": "Banned", **DATE})
        await tx.raw(insert(resource_status), [{**dict(zip(names, each, strict=True)), **DATE} for each in elements])

    async def run() -> None:
        databases = Databases(urls)
        try:
            await databases.server_of("ResourceStatusDB").write(work)
        finally:
            await databases.close()

    asyncio.run(run())


@pytest.mark.parametrize("database_urls", ["mariadb"], indirect=True)
def test_the_official_client_uses_every_route(database_urls: Mapping[str, str], peer: Peer, tmp_path: Path) -> None:
    fill(database_urls)
    with serving(settings_for(tmp_path, database_urls), tmp_path) as live:
        environment = client_environment(live, tmp_path, user="admin", group="gridlab_admin")
        done = peer.run(SCRIPT, env=environment)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen == {
        "sync": [
            [{"PilotStamp": "sync", "Status": "Running", "BenchMark": 1.5}],
            [{"Status": "Running", "count": 1}],
            STATUSES,
            STORAGE,
        ],
        "async": [
            [{"PilotStamp": "async", "GridSite": "LCG.X.org", "Queue": "long"}],
            [{"Status": "Done", "count": 1}],
            STATUSES,
            STORAGE,
        ],
    }

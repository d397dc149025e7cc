"""The number of SQL statements of a pilot request is fixed, whatever the number of pilots."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from diracx_bridge.db.sql.pilot_agents.schema import pilot_agents
from tests.installation import Installation, running
from tests.statements import counted

ADMIN = {"user": "admin", "group": "gridlab_admin"}
STAMPS = [f"stamp{number}" for number in range(1000)]


async def cost(installation: Installation, method: str, path: str, body: Any) -> int:
    call = partial(installation.call, method, path, body, **ADMIN)
    answer, statements = await counted(installation.runtime.pilots.server, call)
    assert answer.is_success, answer.text
    return statements


@pytest.mark.usefixtures("mariadb")
async def test_a_thousand_pilots_cost_as_many_statements_as_one(
    mariadb_urls: Mapping[str, str], tmp_path: Path
) -> None:
    async with running(tmp_path, mariadb_urls, bridge_sql_pool_size=1) as installation:
        await installation.headers(**ADMIN)
        rows = [{"PilotStamp": stamp, "VO": "gridlab"} for stamp in STAMPS]
        await installation.runtime.pilots.server.write(lambda tx: tx.raw(insert(pilot_agents), rows))
        # each with its START TRANSACTION and COMMIT
        new = {"pilot_stamp": "new", "vo": "gridlab"}
        assert await cost(installation, "POST", "/api/pilots/", new) == 6
        for stamps in (STAMPS[:1], STAMPS):
            changes = {stamp: {"Status": "Done", "BenchMark": 1.5} for stamp in stamps}
            assert await cost(installation, "PATCH", "/api/pilots/metadata", changes) == 4
            search = {"search": [{"parameter": "PilotStamp", "operator": "in", "values": stamps}]}
            query = "/api/pilots/search?per_page=1000"
            assert await cost(installation, "POST", query, search) == 1

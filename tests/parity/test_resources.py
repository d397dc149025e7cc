"""Sandboxes, pilots, resource status: the real legacy sees what we write, and we what it writes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from diracx_bridge.core.models.search import ScalarSearchOperator, ScalarSearchSpec, SearchParams
from diracx_bridge.db.sql.pilot_agents.db import PilotAgentsDB
from diracx_bridge.db.sql.resource_status.db import ResourceStatusDB
from diracx_bridge.db.sql.sandbox_metadata.db import Owner, SandboxMetadataDB
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.services.pilots.pilots import search_pilots
from diracx_bridge.services.rss.views import View
from tests.servers.legacy import Legacy

SCRIPT = Path(__file__).parent / "scripts" / "resources.py"
SHORT = "/S3/sandboxes/dirac/dirac_user/alice/sha256:" + "0" * 64 + ".tar.zst"
FULL, LEGACY = f"SB:SandboxSE|{SHORT}", "SB:ProductionSandboxSE|/SandBox/a/alice/1.tar.bz2"
ALICE = Owner("alice", "dirac_user", "dirac")


async def test_both_sides_see_what_the_other_writes(legacy: Legacy, mariadb_urls: Mapping[str, str]) -> None:
    job = await asyncio.to_thread(legacy.new_job, owner="alice", group="dirac_user")
    databases = Databases(mariadb_urls)
    server = databases.server_of("JobDB", "SandboxMetadataDB", "PilotAgentsDB", "ResourceStatusDB")
    sandboxes, pilots, now = SandboxMetadataDB(), PilotAgentsDB(), datetime.now(UTC)
    registration = {"reference": "by-bridge", "vo": "dirac", "grid_type": "DIRAC", "grid_site": "LCG.Y.org"}
    try:
        await server.write(lambda tx: sandboxes.register(tx, ALICE, "SandboxSE", SHORT, 5, now))
        found = await server.read(lambda tx: sandboxes.find(tx, "SandboxSE", SHORT))
        assert found is not None
        await server.write(lambda tx: sandboxes.assign(tx, [(found.id, job)], "Input"))
        await server.write(
            lambda tx: pilots.register(tx, now, stamp="stamp2", destination_site="ce", status="Waiting", **registration)
        )
        done, by_bridge = await asyncio.to_thread(legacy.run, SCRIPT, job, FULL)
        assert all(value is not False for value in done), done
        assert done[1] == 2
        assert (by_bridge["PilotStamp"], by_bridge["Status"], by_bridge["VO"]) == ("stamp2", "Waiting", "dirac")

        answer = await asyncio.to_thread(
            legacy.call, "SandboxStore", "getSandboxesAssignedToEntity", f"Job:{job}", user="alice", group="dirac_user"
        )
        assert answer["OK"], answer
        assert sorted(answer["Value"]["Input"]) == sorted([FULL, LEGACY])
        ours = await server.read(lambda tx: sandboxes.of_job(tx, job))
        assert ours is not None
        assert sorted(ours.used) == [
            ("Input", "ProductionSandboxSE", "/SandBox/a/alice/1.tar.bz2"),
            ("Input", "SandboxSE", SHORT),
        ]
        await server.write(lambda tx: sandboxes.unassign(tx, [job]))
        freed = await asyncio.to_thread(
            legacy.call, "SandboxStore", "getSandboxesAssignedToEntity", f"Job:{job}", user="alice", group="dirac_user"
        )
        assert freed["Value"] == {}

        of_job = ScalarSearchSpec(parameter="JobID", operator=ScalarSearchOperator.EQUAL, value=job)
        columns = ["PilotStamp", "GridSite", "Status"]
        body, _ = await search_pilots(
            server, [], SearchParams(parameters=columns, search=[of_job]), page=1, per_page=10
        )
        assert body == b'[{"PilotStamp":"stamp1","GridSite":"LCG.X.org","Status":"Running"}]'

        statuses = await server.read(ResourceStatusDB().all)
        assert View.of("site", "dirac", statuses).body == b'{"LCG.X.org":{"all":{"allowed":false,"reason":"down"}}}'
        assert View.of("site", "othervo", statuses).body == b'{"LCG.X.org":{"all":{"allowed":true,"warnings":null}}}'
    finally:
        await databases.close()

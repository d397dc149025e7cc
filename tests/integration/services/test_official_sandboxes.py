"""Sandboxes of the official client and API 0.7.0, unmodified, with both kinds of stores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.installation import settings_for
from tests.integration.services.sandbox_stores import file_settings, s3_settings
from tests.integration.services.test_official_client import add_job, client_environment
from tests.live import serving
from tests.servers.peer import Peer

SCRIPT = Path(__file__).with_name("official_sandboxes.py")


@pytest.mark.parametrize("store", ["files", "s3"])
@pytest.mark.parametrize("database_urls", ["sqlite", "mariadb"], indirect=True)
def test_the_official_client_uploads_fetches_and_assigns_sandboxes(
    request: pytest.FixtureRequest, database_urls: Mapping[str, str], store: str, peer: Peer, tmp_path: Path
) -> None:
    chosen = file_settings(tmp_path) if store == "files" else s3_settings(request.getfixturevalue("s3"))
    job = add_job(database_urls, "Running")
    with serving(settings_for(tmp_path, database_urls, **chosen), tmp_path) as live:
        done = peer.run(SCRIPT, str(job), str(tmp_path), env=client_environment(live, tmp_path))
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    pfn = seen["pfn"]
    assert seen == {
        "pfn": pfn,
        "again": pfn,
        "content": "what the job needs",
        "async": {"Input": [], "Output": [pfn.partition("|")[2]]},
        "sync": [{"Input": [], "Output": []}, [pfn.partition("|")[2]], []],
    }

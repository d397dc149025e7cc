"""Job parameters that legacy DIRAC and we write into the same documents."""

from __future__ import annotations

from pathlib import Path

from diracx_bridge.db.os.mapping import FIELDS
from diracx_bridge.db.os.opensearch import OpenSearchJobParameters
from tests.servers.legacy import Legacy
from tests.servers.opensearch import OpenSearch

MAPPING = """
from DIRAC.WorkloadManagementSystem.DB.JobParametersDB import mapping
from answer import answer
answer(mapping)
"""
ALICE = {"user": "alice", "group": "dirac_user"}


async def test_legacy_dirac_and_we_read_what_the_other_wrote(
    legacy: Legacy, opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    job_id = legacy.new_job(owner="alice", group="dirac_user")
    assert legacy.call("JobStateUpdate", "setJobParameter", job_id, "HostName", "wn1", **ALICE)["OK"]
    store = OpenSearchJobParameters({"hosts": opensearch.url}, prefix=opensearch_prefix)
    try:
        assert (await store.read("dirac", [job_id]))[job_id]["HostName"] == "wn1"
        await store.create_template()
        assert await store.write({"dirac": {job_id: {"ModelName": "cpu", "NormCPUTime(s)": "12.0"}}}) == {}
    finally:
        await store.close()
    found = legacy.call("JobMonitoring", "getJobParameters", [job_id], **ALICE)["Value"][job_id]
    assert {name: found[name] for name in ("HostName", "ModelName", "NormCPUTime(s)")} == {
        "HostName": "wn1",
        "ModelName": "cpu",
        "NormCPUTime(s)": 12,
    }


def test_the_types_are_those_of_legacy_dirac(legacy: Legacy, tmp_path: Path) -> None:
    script = tmp_path / "mapping.py"
    script.write_text(MAPPING)
    assert legacy.run(script) == FIELDS

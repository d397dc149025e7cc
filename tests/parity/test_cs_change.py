"""`adapters set-stage --write` and `rollback --write` commit to the real CS, with the rights of the caller's proxy."""

from __future__ import annotations

import json
from pathlib import Path

from tests.servers.legacy import Legacy

SCRIPT = Path(__file__).parent / "scripts" / "set_stage.py"
CANARY = ["set-stage", "JobStateUpdate", "canary", "--percent", "10", "--vo", "dirac", "--write", "--json"]


def test_stage_is_committed_to_the_cs_and_taken_back(legacy: Legacy) -> None:
    legacy.configure({"DiracX": {"Bridge": {"WorkloadManagement": {"JobStateUpdate": {"Stage": "compare"}}}}})
    before = ["status", "JobStateUpdate", "--json"]
    back = ["rollback", "JobStateUpdate", "--vo", "dirac", "--write", "--json"]
    changed, shown, undone = legacy.run(
        SCRIPT, [CANARY, before, back], user="adminuser", group="dirac_admin", bridge=True, services=True
    )
    assert changed[0] == 0, changed
    assert json.loads(shown[1])["routes"][1] | {"decided by": ""} == {
        "service": "WorkloadManagement/JobStateUpdate",
        "vo": "dirac",
        "method": "",
        "stage": "canary",
        "percent": 10,
        "fallback": True,
        "decided by": "",
    }
    assert json.loads(undone[1])["stage"] == "legacy"
    assert [changed[3], undone[3]] == [("compare", "canary"), ("canary", "legacy")], "with the next refresh of the CS"
    lines = [line for line in legacy.registry_cfg.read_text().splitlines() if not line.lstrip().startswith("#")]
    assert "JobStateUpdate { Stage = compare VOs { dirac { Stage = legacy } } }" in " ".join(" ".join(lines).split())


def test_user_without_the_right_is_told_so_and_nothing_changes(legacy: Legacy) -> None:
    legacy.configure({"DiracX": {"Bridge": {"WorkloadManagement": {"JobStateUpdate": {"Stage": "compare"}}}}})
    [(code, _, reason, _)] = legacy.run(SCRIPT, [CANARY], bridge=True, services=True)
    assert code == 1
    assert "The CS refuses the change" in reason
    assert "canary" not in legacy.registry_cfg.read_text()

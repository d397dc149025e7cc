"""The commands that need no server: status, set-stage, rollback, coverage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from diracx_bridge.cli.adapters import app
from diracx_bridge.core.errors import ConfigurationError, SettingsError

CFG = """
DiracX
{
  Bridge
  {
    WorkloadManagement
    {
      JobStateUpdate
      {
        Stage = compare
        VOs
        {
          gridlab
          {
            Stage = canary
            Percent = 10
          }
        }
      }
    }
  }
}
Registry
{
  Groups
  {
    gridlab_user
    {
      VO = gridlab
    }
  }
}
"""


@pytest.fixture
def cfg(tmp_path: Path) -> str:
    path = tmp_path / "dirac.cfg"
    path.write_text(CFG)
    return str(path)


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    if isinstance(result.exception, ConfigurationError | SettingsError):
        raise result.exception
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_status_shows_the_route_of_each_place(cfg: str) -> None:
    service, vo = run("status", "JobStateUpdate", "--cfg", cfg)["routes"]
    assert (service["vo"], service["stage"], service["percent"]) == ("", "compare", None)
    assert (vo["vo"], vo["stage"], vo["percent"], vo["fallback"]) == ("gridlab", "canary", 10, True)
    assert vo["decided by"].endswith("/VOs/gridlab/Stage")


def test_status_tells_what_is_refused_and_fails(cfg: str) -> None:
    Path(cfg).write_text(CFG.replace("Stage = compare", "Stage = on"))
    (refused,) = run("status", "--cfg", cfg, code=1)["refused"]
    assert "Stage = 'on' is no stage" in refused["refused"]


def test_change_that_is_printed_is_read_back_as_it_was_meant(cfg: str) -> None:
    arguments = ["set-stage", "JobStateUpdate", "live", "--vo", "gridlab", "--cfg", cfg]
    printed = CliRunner().invoke(app, arguments, env={"DIRACX_OUTPUT_FORMAT": "RICH"})
    Path(cfg).write_text(printed.stdout)
    routes = run("status", "--cfg", cfg)["routes"]
    found = {route["vo"]: route["stage"] for route in routes if route["service"].endswith("JobStateUpdate")}
    assert found["gridlab"] == "live"


def test_set_stage_tells_the_options_that_change(cfg: str) -> None:
    changed = run("set-stage", "JobStateUpdate", "Live", "--vo", "gridlab", "--cfg", cfg)
    path = "/DiracX/Bridge/WorkloadManagement/JobStateUpdate/VOs/gridlab"
    assert changed["changes"] == {f"{path}/Stage": "live", f"{path}/Percent": None}
    assert (changed["stage"], changed["written"]) == ("live", False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("JobStateUpdate", "on"), "'on' is no stage: write one of legacy, compare, canary, live, retired"),
        (("JobStateUpdat", "live"), "JobStateUpdat has no adapter; services with one are "),
        (("JobStateUpdate", "canary"), "Stage = canary needs a Percent"),
        (
            ("JobStateUpdate", "live", "--vo", "gridlap"),
            "VOs names gridlap, where no group belongs to; the VOs are gridlab",
        ),
        (("JobStateUpdate", "live", "--method", "setStatus"), "no such method: did you mean setJobStatus?"),
        (("JobStateUpdate", "live", "--percent", "5"), "A percentage belongs to the stage canary"),
    ],
)
def test_change_that_would_be_refused_is_not_made(cfg: str, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message.replace("?", r"\?")):
        run("set-stage", *arguments, "--cfg", cfg)


def test_rollback_takes_the_service_and_its_vos_back(cfg: str) -> None:
    changes = run("rollback", "JobStateUpdate", "--cfg", cfg)["changes"]
    assert [text for path, text in changes.items() if path.endswith("/Stage")] == ["legacy", "legacy"]


def test_rollback_here_writes_the_routing_file_and_keeps_what_it_says_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "etc" / "routing.cfg"
    path.parent.mkdir()
    path.write_text("WorkloadManagement\n{\n  Other\n  {\n    Stage = live\n  }\n}\n")
    monkeypatch.setenv("DIRACX_BRIDGE_ROUTING_FILE", str(path))
    assert CliRunner().invoke(app, ["rollback", "JobStateUpdate", "--here"]).exit_code == 0
    words = path.read_text().split()
    assert words.count("legacy") == 1
    assert words.count("live") == 1


def test_writing_needs_the_cs_of_a_dirac() -> None:
    with pytest.raises(SettingsError, match="DIRAC is not installed here: give the legacy configuration by --cfg FILE"):
        run("status")


def test_coverage_has_every_method(cfg: str) -> None:
    methods = {row["method"] for row in run("coverage")}
    assert {"setJobStatus", "sendHeartBeat", "updateJobFromStager"} <= methods

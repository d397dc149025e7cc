"""The program of the first tutorial runs on the installation that the demo makes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from diracx_bridge.cli.demo.installation import DemoInstallation
from diracx_bridge.cli.demo.server import serving
from tests.unit.docs.documents import DOCS, ROOT, blocks


def test_program_of_the_tutorial_changes_a_job_when_the_demo_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = blocks(DOCS / "tutorial" / "demo.md", "python")
    monkeypatch.chdir(tmp_path)
    directory = tmp_path / "demo-installation"
    installation = DemoInstallation.prepare(directory, ROOT / "examples" / "dirac.cfg", lambda line: None)
    with serving(installation.settings, 0) as url:
        assert "http://127.0.0.1:8000" in program
        exec(compile(program.replace("http://127.0.0.1:8000", url), "demo.md", "exec"), {})
    # the service logs to the same place as long as nobody has set it up
    value, found = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("(", "["))]
    assert value == "(['MinorStatus'], ['Application'])"
    assert {"JobID": 2, "Status": "Running", "MinorStatus": "Application"} in ast.literal_eval(found)

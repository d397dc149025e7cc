"""The harness itself, in the shortest run that it can do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_a_quick_run_gives_figures_of_the_cases_that_were_named(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    names = ["well_known/jwks.json", "status/1x1"]
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "tests.load",
        "--quick",
        "--jobs",
        "1000",
        "--on",
        "sqlite",
        "--json",
        figures,
    ]
    done = subprocess.run([*command, *names], capture_output=True, text=True, check=False, cwd=_root())
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(figures.read_text())
    assert [result["case"] for result in results] == names
    for result in results:
        assert result["errors"] == {}
        assert result["requests"] > 0
        assert result["limit"] > 0
        assert 0 < result["p50"] <= result["p95"] <= result["p99"]


def _root() -> Path:
    return Path(__file__).parents[2]

"""DIRAC's job commands on the DiracX API: arguments and failures; parity tests compare the output with DIRAC's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from diracx_bridge.cli.legacy_commands.main import COMMANDS, run
from diracx_bridge.cli.legacy_commands.shown import jdl_members, table
from tests.unit.legacy_adapters.fake_server import FakeServer, refusal

NAMES = {command.name: command for command in COMMANDS}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    made = FakeServer()
    monkeypatch.setattr("diracx_bridge.client.sync.SyncDiracxClient", made.client)
    made.answers["POST /api/jobs/search"] = _found
    return made


def _found(request: httpx.Request) -> httpx.Response:
    body: dict[str, Any] = json.loads(request.content)
    if body["search"][0]["parameter"] == "JobGroup":
        return httpx.Response(200, json=[{"JobID": 7}])
    return httpx.Response(200, json=[{"JobID": job, "Status": "Done"} for job in body["search"][0]["values"]])


def call(name: str, *arguments: str) -> int:
    return run(NAMES[name], arguments)


def test_ids_come_from_words_files_and_job_groups(
    server: FakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ids").write_text("5 6\n")
    assert call("status", "1,2", "3", "-f", str(tmp_path / "ids"), "--JobGroup=production") == 0
    shown, hint = capsys.readouterr()
    assert [line.split()[0] for line in shown.splitlines()] == [f"JobID={job}" for job in (1, 2, 3, 5, 6, 7)]
    assert hint == "dirac-wms-job-status goes on as `diracx-bridge jobs status`\n"


@pytest.mark.parametrize("name", [name for name, command in NAMES.items() if command.needs_words])
def test_a_command_without_ids_shows_its_help(
    name: str, server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(name) == 1
    assert "Usage:" in capsys.readouterr().out
    assert server.calls == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(name: str, server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(name, "-h") == 0
    shown = capsys.readouterr().out
    assert all(f"--{switch.name}" in shown for switch in NAMES[name].switches)


def test_switches_of_every_dirac_command_are_accepted(server: FakeServer) -> None:
    assert call("status", "1", "-o", "/DIRAC/Security/UseServerCertificate=no", "-d") == 0


def test_unknown_switches_are_named(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("kill", "1", "--Force") == 1
    assert "--Force not recognized" in capsys.readouterr().out


def test_submitted_ids_are_added_to_the_file(
    server: FakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jdl, ids = tmp_path / "a.jdl", tmp_path / "ids"
    jdl.write_text("Executable = 1;")
    ids.write_text("1\n")
    made = [{"JobID": 8, "Status": "Received"}, {"JobID": 9, "Status": "Received"}]
    server.answer("POST /api/jobs/jdl", httpx.Response(201, json=made))
    assert call("submit", str(jdl), "/nowhere.jdl", "-f", str(ids)) == 2
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "JobID = [8, 9]"
    assert shown[1].startswith("ERROR /nowhere.jdl: ")
    assert ids.read_text().split() == ["1", "8", "9"]


def test_a_refusal_of_the_server_is_an_error_line(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers["POST /api/jobs/search"] = lambda request: refusal(403, "not yours")
    assert call("status", "1") == 2
    assert capsys.readouterr().out.startswith("ERROR: 403: not yours (request ")


def test_what_was_fetched_already_is_not_fetched_again(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "5").mkdir()
    server.answer("GET /api/jobs/6/sandbox/output", httpx.Response(200, json=[]))
    assert call("get_output", "5", "6") == 2
    said = "Output for job 5 already retrieved, remove the output directory to redownload\n"
    assert capsys.readouterr().out == said + "ERROR 6: No Output sandbox found for job\n"
    assert not (tmp_path / "6").exists()


def test_numbers_stand_at_the_right_of_a_column() -> None:
    shown = table(("Name", "Count"), [["a", "1"], ["long", "1,000"]])
    assert shown.splitlines() == ["Name  Count", "=" * 13, "a         1", "long  1,000"]


def test_members_of_a_jdl_are_texts_and_lists() -> None:
    found = jdl_members('Executable = "/bin/ls"; InputData = {"LFN:/a/b", "LFN:/a/c"}; CPUTime = 5')
    assert found == {"Executable": "/bin/ls", "InputData": ["/a/b", "/a/c"], "CPUTime": "5"}

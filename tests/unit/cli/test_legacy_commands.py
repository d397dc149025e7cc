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
    if any(condition["parameter"] == "JobGroup" for condition in body["search"]):
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
    assert call("kill", "1", "--Force") == 2
    assert "--Force not recognized" in capsys.readouterr().out


SAID = ("Job submission failure", "ERROR /nowhere.jdl:")


def test_submitted_ids_are_added_to_the_file(
    server: FakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jdl, ids = tmp_path / "a.jdl", tmp_path / "ids"
    jdl.write_text("Executable = 1; Parameters = 2;")
    ids.write_text("1\n")
    made = [{"JobID": 8, "Status": "Received"}, {"JobID": 9, "Status": "Received"}]
    server.answer("POST /api/jobs/jdl", httpx.Response(201, json=made))
    assert call("submit", str(jdl), "/nowhere.jdl", "-f", str(ids)) == 2
    shown = capsys.readouterr().out.splitlines()
    assert shown[:2] == [f"Appending job ids to existing logfile: {ids}", "JobID = [8, 9]"]
    assert shown[2:] == [f"{said} There is no such file, and it is no JDL" for said in SAID]
    assert ids.read_text().split() == ["1", "8", "9"]


def test_a_file_of_ids_that_can_not_be_written_stops_the_submission(
    server: FakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jdl").write_text("Executable = 1;")
    assert call("submit", str(tmp_path / "a.jdl"), "-f", "/nowhere/ids") == 2
    assert capsys.readouterr().out == "ERROR /nowhere/ids: No such file or directory. No job was submitted\n"
    assert server.calls == []


def test_a_job_repository_is_accepted_and_said_to_have_no_effect(
    server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer("POST /api/jobs/jdl", httpx.Response(201, json=[{"JobID": 8, "Status": "Received"}]))
    assert call("submit", "Executable = 1;", "-r", "repo") == 0
    shown, said = capsys.readouterr()
    assert shown == "JobID = 8\n"
    assert said.splitlines()[1].startswith("-r, --UseJobRepo: no effect")


def states(server: FakeServer, **of: str) -> None:
    rows = [{"JobID": int(job.strip("_")), "Status": state} for job, state in of.items()]
    server.answer("POST /api/jobs/search", httpx.Response(200, json=rows))


def test_jobs_that_have_ended_are_left_out_and_named_on_standard_error(
    server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    states(server, _1="Running", _2="Deleted", _3="Failed")
    answer = {"success": {"1": {}}, "failed": {"3": {"detail": "A job in status Failed can't become Killed"}}}
    server.answer("POST /api/jobs/kill", httpx.Response(200, json=answer))
    assert call("kill", "1,2,3", "4") == 0
    shown, said = capsys.readouterr()
    assert shown == "Killed jobs 1,2\n"
    hint, *reasons = said.splitlines()
    assert hint == "dirac-wms-job-kill goes on as `diracx-bridge jobs kill`"
    assert reasons == ["Job 4: No such job", "Job 3: A job in status Failed can't become Killed"]
    assert server.calls[-1] == ("POST /api/jobs/kill", {"job_ids": [1, 3]})


def test_a_job_that_may_not_be_killed_is_a_failure(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    states(server, _1="Running")
    answer = {"success": {}, "failed": {"1": {"detail": "Neither you nor your group may kill this job"}}}
    server.answer("POST /api/jobs/kill", httpx.Response(200, json=answer))
    assert call("kill", "1") == 2
    assert capsys.readouterr().out == "ERROR Some jobs failed deletion\n"


def test_a_deleted_job_may_be_deleted_again(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    states(server, _2="Deleted")
    server.answer("POST /api/jobs/delete", httpx.Response(200, json={"success": {"2": {}}, "failed": {}}))
    assert call("delete", "2") == 0
    assert capsys.readouterr().out == "Deleted jobs 2\n"


def test_an_output_that_is_in_storage_is_named_with_the_command_that_gets_it(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    server.answer("GET /api/jobs/6/sandbox/output", httpx.Response(200, json=[]))
    server.answer("POST /api/jobs/parameters", httpx.Response(200, json={"6": {"OutputSandboxLFN": "/vo/6.tar"}}))
    assert call("get_output", "6") == 2
    assert "get /vo/6.tar with dirac-dms-get-file" in capsys.readouterr().out


def test_a_refusal_of_the_server_is_an_error_line(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers["POST /api/jobs/search"] = lambda request: refusal(403, "not yours")
    assert call("status", "1") == 2
    assert capsys.readouterr().out.startswith("ERROR: 403: not yours (request ")


def test_a_folder_that_can_not_be_made_is_an_error_line(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("get_output", "6", "-D", "/proc/none") == 2
    assert capsys.readouterr().out.startswith("ERROR: ")


def test_an_interrupt_ends_without_a_traceback(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("diracx_bridge.cli.legacy_commands.acting.kill", interrupted)
    assert call("kill", "1") == 130


def test_what_was_fetched_already_is_not_fetched_again(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "5").mkdir()
    server.answer("GET /api/jobs/6/sandbox/output", httpx.Response(200, json=[]))
    server.answer("POST /api/jobs/parameters", httpx.Response(200, json={}))
    assert call("get_output", "5", "6") == 2
    said = "Output for job 5 already retrieved, remove the output directory to redownload\n"
    why = "No Output sandbox found for job 6. Possible causes are:"
    shown = capsys.readouterr().out
    assert shown.startswith(f"{said}{why}")
    assert f"ERROR 6: {why}" in shown
    assert not (tmp_path / "6").exists()


def test_numbers_stand_at_the_right_of_a_column() -> None:
    shown = table(("Name", "Count"), [["a", "1"], ["long", "1,000"]])
    assert shown.splitlines() == ["Name  Count", "=" * 13, "a         1", "long  1,000"]


def test_members_of_a_jdl_are_texts_and_lists() -> None:
    found = jdl_members('Executable = "/bin/ls"; InputData = {"LFN:/a/b", "LFN:/a/c"}; CPUTime = 5')
    assert found == {"Executable": "/bin/ls", "InputData": ["/a/b", "/a/c"], "CPUTime": "5"}

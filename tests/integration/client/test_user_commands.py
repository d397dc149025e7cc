"""The commands for users, against our server and the official one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from diracx_bridge.client import Jobs, SyncDiracxClient
from diracx_bridge.core.errors import Unavailable
from tests.integration.client.conftest import COMMAND, Account


def run(account: Account, *arguments: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """The command with no terminal, as scripts run it."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=account.environment(**more),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def answer(account: Account, *arguments: str, typed: str = "") -> Any:
    done = run(account, *arguments, typed=typed)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_whoami_tells_the_user_and_what_the_group_may_do(account: Account) -> None:
    assert answer(account, "whoami")["preferred_username"] == "alice"
    screen = account.terminal("whoami")
    assert [line.split()[0] for line in screen.lines] == ["user", "VO", "group", "subject", "properties"]
    assert "NormalUser" in screen.text


def test_config_prints_the_configuration(account: Account) -> None:
    assert "Registry" in answer(account, "config")


def test_search_answers_in_json_where_nobody_looks(account: Account) -> None:
    ids = ",".join(map(str, account.jobs))
    rows = answer(account, "jobs", "search", "-c", f"JobID in {ids}", "-p", "JobID", "-p", "Owner", "--sort", "JobID")
    assert [row["JobID"] for row in rows] == list(account.jobs)
    assert {row["Owner"] for row in rows} == {"alice"}


def test_search_shows_all_pages_when_asked(account: Account) -> None:
    everything = answer(account, "jobs", "search", "-c", "Owner = alice", "--all")
    page = answer(account, "jobs", "search", "-c", "Owner = alice", "--per-page", "2", "--page", "2")
    assert page == everything[2:4]


@pytest.mark.parametrize("columns", [80, 120])
def test_tables_fit_the_terminal_and_lose_nothing(columns: int, account: Account) -> None:
    screen = account.terminal("jobs", "search", "-c", f"JobID = {account.jobs[0]}", columns=columns)
    assert screen.code == 0
    assert max(map(len, screen.lines)) <= columns
    for word in ("MinorStatus", "LastUpdateTime", str(account.jobs[0]), "alice", "1-1 of 1 jobs"):
        assert word in screen.text
    assert ("ApplicationStatus" in screen.text) == (columns == 120)


@pytest.mark.parametrize("columns", [80, 120])
def test_everything_that_is_shown_fits_the_terminal(columns: int, account: Account) -> None:
    job = str(account.jobs[0])
    shown = {
        ("--help",): "login",
        ("jobs", "--help"): "reschedule",
        ("jobs", "search", "--help"): "--condition",
        ("whoami",): "alice",
        ("jobs", "search"): "LastUpdateTime",
        ("jobs", "status", *map(str, account.jobs)): "MinorStatus",
        ("jobs", "log", job): "StatusTime",
        ("jobs", "summary", "--by", "Status", "--by", "Site"): "count",
        ("jobs", "wait", job, "--until", "Running"): "Running 1",
    }
    for arguments, word in shown.items():
        screen = account.terminal(*arguments, columns=columns)
        assert screen.code == 0, (arguments, screen.text)
        assert max(map(len, screen.lines)) <= columns, (arguments, screen.text)
        assert word in screen.text, (arguments, screen.text)


def test_more_columns_than_fit_are_shown_row_after_row(account: Account) -> None:
    names = ("JobID", "Status", "MinorStatus", "ApplicationStatus", "SubmissionTime", "LastUpdateTime", "HeartBeatTime")
    wanted = [word for name in names for word in ("-p", name)]
    screen = account.terminal("jobs", "search", "-c", f"JobID = {account.jobs[0]}", *wanted)
    assert [line.split()[0] for line in screen.lines[: len(names)]] == list(names)


def test_json_is_json_on_a_terminal_too(account: Account) -> None:
    assert isinstance(json.loads(account.terminal("jobs", "summary", "--json").text), list)
    assert isinstance(json.loads(account.terminal("jobs", "summary", DIRACX_OUTPUT_FORMAT="json").text), list)


def test_tables_can_be_had_without_a_terminal(account: Account) -> None:
    shown = run(account, "jobs", "summary", "--by", "Status", DIRACX_OUTPUT_FORMAT="RICH").stdout
    assert "Status" in shown.splitlines()[0]
    assert not shown.startswith("[")


def test_status_reads_ids_that_another_command_printed(account: Account) -> None:
    ids = ",".join(map(str, account.jobs))
    found = run(account, "jobs", "search", "-c", f"JobID in {ids}", "-p", "JobID").stdout
    assert sorted(map(int, answer(account, "jobs", "status", "-", typed=found))) == sorted(account.jobs)


def test_status_names_jobs_that_do_not_exist(account: Account) -> None:
    done = run(account, "jobs", "status", str(account.jobs[0]), "999999999")
    assert list(json.loads(done.stdout)) == [str(account.jobs[0])]
    assert (done.returncode, done.stderr) == (5, "No such job: 999999999\n")


def test_log_shows_the_history(account: Account) -> None:
    log = answer(account, "jobs", "log", str(account.jobs[0]))[str(account.jobs[0])]
    assert log[-1]["Status"] == "Running"
    assert "StatusTime" in account.terminal("jobs", "log", str(account.jobs[0])).text


JDL = 'Executable = "/bin/echo"; JobName = "by command"; JobType = "User"; '


def test_submit_takes_files_and_standard_input(account: Account, tmp_path: Path) -> None:
    file = tmp_path / "job.jdl"
    file.write_text(JDL)
    made = answer(account, "jobs", "submit", str(file), "-", typed=JDL)
    assert len({job["JobID"] for job in made}) == 2
    found = answer(account, "jobs", "status", "-", typed=json.dumps(made))
    assert {job["Status"] for job in found.values()} == {"Received"}
    assert "1 jobs submitted" in account.terminal("jobs", "submit", str(file)).text


def test_a_parametric_submission_is_ready_to_run(account: Account) -> None:
    made = answer(account, "jobs", "submit", "-", typed=JDL + "Parameters = 3; ParameterStart = 1; Arguments = %s;")
    assert [job["Status"] for job in made] == ["Received"] * 3
    found = answer(account, "jobs", "status", "-", typed=json.dumps(made))
    assert {job["Status"] for job in found.values()} == {"Received"}


def test_kill_says_what_became_of_each_job(account: Account) -> None:
    killed = answer(account, "jobs", "kill", str(account.jobs[2]))
    assert (list(killed["success"]), killed["failed"]) == ([str(account.jobs[2])], {})
    assert answer(account, "jobs", "status", str(account.jobs[2]))[str(account.jobs[2])]["Status"] == "Killed"


def test_jobs_are_deleted_and_run_again(account: Account) -> None:
    made = answer(account, "jobs", "submit", "-", typed=JDL)
    (job,) = (str(row["JobID"]) for row in made)
    assert list(answer(account, "jobs", "delete", job)["success"]) == [job]
    assert answer(account, "jobs", "status", job)[job]["Status"] == "Deleted"


def test_what_is_not_allowed_has_its_exit_code(account: Account) -> None:
    done = run(account, "jobs", "sandbox", "list", "999999999")
    assert done.returncode == 4, done.stderr
    assert done.stderr.startswith("diracx-bridge: 403: ")


def test_the_shell_completes_commands_without_a_server() -> None:
    words = {"_DIRACX_BRIDGE_COMPLETE": "complete_bash", "COMP_WORDS": "diracx-bridge jobs re", "COMP_CWORD": "2"}
    command = Path(sys.executable).with_name("diracx-bridge")
    done = subprocess.run(
        [command], env={**os.environ, **words}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.split(), done.stderr) == (["reschedule"], "")


class Lossy(httpx.HTTPTransport):
    """Loses the first answer to each path: the server has done what was asked, and the client can't know."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.method == "POST" and request.url.path not in self.lost:
            self.lost.append(request.url.path)
            response.close()
            raise httpx.ReadError("lost", request=request)
        return response


def test_a_submission_whose_answer_is_lost_is_done_once(bridge: Account) -> None:
    before = len(answer(bridge, "jobs", "search", "--all"))
    transport = Lossy()
    with SyncDiracxClient(bridge.url, credentials_path=bridge.credentials, transport=transport) as client:
        made = Jobs(client).submit(JDL)
    assert transport.lost == ["/api/jobs/jdl"]
    assert len(answer(bridge, "jobs", "search", "--all")) == before + len(made) == before + 1


def test_a_submission_whose_answer_is_lost_is_not_repeated_at_an_official_server(official_server: Account) -> None:
    client = SyncDiracxClient(official_server.url, credentials_path=official_server.credentials, transport=Lossy())
    with client, pytest.raises(Unavailable):
        Jobs(client).submit(JDL)


def test_wait_ends_with_the_state_of_the_jobs(account: Account) -> None:
    found = answer(account, "jobs", "wait", str(account.jobs[0]), "--until", "Running", "--timeout", "5")
    assert found[str(account.jobs[0])]["Status"] == "Running"
    late = run(account, "jobs", "wait", str(account.jobs[0]), "--timeout", "1", "--poll", "1")
    assert late.returncode == 6
    assert "1 of 1 jobs are not in one of the states" in late.stderr


def test_what_the_official_server_lacks_is_said(official_server: Account) -> None:
    done = run(official_server, "jobs", "parameters", "1")
    assert done.returncode == 5
    assert done.stderr.startswith("diracx-bridge: 404: this server can't read job parameters: it has no route for it (")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("jobs", "status", "x"), 2, "'x' is no job id"),
        (("jobs", "search", "-c", "Status"), 2, "is no condition"),
        (("jobs", "search", "-c", "Colour eq red"), 1, "Colour"),
        (("jobs", "submit", "/nowhere.jdl"), 2, "can't be read"),
        (("jobs", "sandbox", "download", "nonsense"), 1, "no PFN"),
    ],
)
def test_wrong_input_is_one_clear_message(arguments: tuple[str, ...], code: int, says: str, account: Account) -> None:
    done = run(account, *arguments)
    assert done.returncode == code
    assert says in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_who_is_not_logged_in_is_told_how(account: Account) -> None:
    done = run(account, "jobs", "summary", DIRACX_CREDENTIALS_PATH="/nowhere/credentials.json")
    assert done.returncode == 3
    assert "log in with `diracx-bridge login`" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_server_that_does_not_answer_has_its_exit_code(account: Account) -> None:
    done = run(account, "jobs", "summary", DIRACX_URL="http://127.0.0.1:9")
    assert done.returncode == 6
    assert "No answer from http://127.0.0.1:9" in done.stderr


def test_a_reader_that_stops_reading_is_no_error(account: Account) -> None:
    command = f"{COMMAND[0]} -c '{COMMAND[2]}' config | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command], env=account.environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""


def test_debug_shows_the_traceback(account: Account) -> None:
    done = run(account, "--debug", "jobs", "search", "-c", "Colour eq red")
    assert "Traceback" in done.stderr


def test_no_network_is_used_before_it_is_needed(account: Account) -> None:
    for arguments in (("--help",), ("jobs", "--help"), ("jobs", "status", "--help"), ("--version",)):
        assert run(account, *arguments, DIRACX_URL="http://127.0.0.1:9").returncode == 0


def test_a_sandbox_goes_to_the_store_and_comes_back(bridge: Account, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "data.txt").write_text("events\n" * 1000)
    (tmp_path / "std.out").write_text("done")
    paths = (str(tmp_path / "in"), str(tmp_path / "std.out"))
    first = run(bridge, "jobs", "sandbox", "upload", *paths, "--job", str(bridge.jobs[0]))
    assert first.returncode == 0, first.stderr
    assert run(bridge, "jobs", "sandbox", "upload", *paths).stdout == first.stdout  # it is there already
    listed = answer(bridge, "jobs", "sandbox", "list", str(bridge.jobs[0]))
    assert first.stdout.strip().partition("|")[2] in listed["Output"][0]
    files = answer(bridge, "jobs", "sandbox", "download", str(bridge.jobs[0]), "-o", str(tmp_path / "out"))
    assert {Path(file).relative_to(tmp_path / "out").as_posix() for file in files} == {"in/data.txt", "std.out"}
    assert (tmp_path / "out" / "in" / "data.txt").read_text() == "events\n" * 1000
    one = answer(bridge, "jobs", "sandbox", "download", first.stdout.strip(), "-o", str(tmp_path / "again"))
    assert len(one) == 2


def test_transfers_show_their_progress_on_a_terminal(bridge: Account, tmp_path: Path) -> None:
    (tmp_path / "data.bin").write_bytes(os.urandom(2_000_000))
    screen = bridge.terminal("jobs", "sandbox", "upload", str(tmp_path / "data.bin"))
    assert "sending" in screen.text
    assert re.search(r"sending 2\.0/\S* MB", screen.text), screen.text
    pfn = screen.lines[-1].split()[-1]
    assert "fetching" in bridge.terminal("jobs", "sandbox", "download", pfn, "-o", str(tmp_path)).text


def test_files_of_the_input_sandbox_are_sent_with_a_job(
    bridge: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "job.jdl").write_text(f'# mine\n{JDL} InputSandbox = {{"data.txt"}};')
    missing = run(bridge, "jobs", "submit", "job.jdl")
    assert (missing.returncode, "not there: data.txt" in missing.stderr) == (1, True)
    (tmp_path / "data.txt").write_text("events")
    (made,) = answer(bridge, "jobs", "submit", "job.jdl")
    files = answer(bridge, "jobs", "sandbox", "download", str(made["JobID"]), "--kind", "input", "-o", "got")
    assert files == ["got/data.txt"]
    assert (tmp_path / "got" / "data.txt").read_text() == "events"


def test_a_job_without_a_sandbox_is_said_to_have_none(bridge: Account) -> None:
    done = run(bridge, "jobs", "sandbox", "download", str(bridge.jobs[1]))
    assert (done.returncode, done.stderr) == (5, f"Job {bridge.jobs[1]} has no output sandbox\n")


def test_jdl_and_log_of_a_submitted_job_can_be_read(bridge: Account) -> None:
    (made,) = answer(bridge, "jobs", "submit", "-", typed=JDL)
    assert "/bin/echo" in run(bridge, "jobs", "jdl", str(made["JobID"])).stdout
    assert run(bridge, "jobs", "jdl", str(made["JobID"]), "--original").returncode == 0


def test_what_failed_for_some_jobs_is_told_beside_what_is_done(bridge: Account) -> None:
    (made,) = answer(bridge, "jobs", "submit", "-", typed=JDL)
    done = run(bridge, "jobs", "reschedule", str(made["JobID"]), "999999999")
    said = json.loads(done.stdout)
    assert (list(said["success"]), said["failed"]) == ([str(made["JobID"])], {"999999999": "No such job"})
    assert done.returncode == 7

"""Our dirac-wms-job-* commands say and do what DIRAC's own do, with jobs of the same kind."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from diracx_bridge.cli.legacy_commands.main import COMMANDS as ALL
from diracx_bridge.cli.legacy_commands.main import run
from diracx_bridge.client import Credentials, Sandboxes, SyncDiracxClient, write_credentials
from diracx_bridge.legacy_adapters.command_differences import JOB_COMMANDS
from tests.live import LiveServer
from tests.servers.databases import WorkerDatabases
from tests.servers.legacy import Legacy
from tests.servers.sql_server import SqlServer

SCRIPT = Path(__file__).parent / "scripts" / "job_commands.py"
NOBODYS = "9999999"
NAMES = {command.name: command for command in ALL}
FILES = {
    "job.jdl": '# a comment\nExecutable = "/bin/ls";\nJobType = "User";\n',
    "local.jdl": '[Executable = "/bin/ls"; JobType = "User"; InputSandbox = {"data.txt", "LFN:/dirac/x"};]',
    "missing.jdl": '[Executable = "/bin/ls"; JobType = "User"; InputSandbox = {"data.txt", "nowhere.txt"};]',
    "one.jdl": 'Executable = "/bin/ls"; JobType = "User"; Parameters = 1; Arguments="%s";',
    "two.jdl": 'Executable = "/bin/ls"; JobType = "User"; Parameters = {"a", "b"}; Arguments="%s";',
    "type.jdl": 'Executable = "/bin/ls"; JobType = "Wrong";',
    "data.txt": "data",
    "ids": "17\n",
}
KINDS = ("Received", "Received", "Received", "Failed", "Done", "Running", "Deleted", "Received", "Received")
LOGGER = re.compile(
    r"^(Need to upload the proxy|\{'OK': False, .*\}|Files retrieved and extracted in .*|WARNING: Parsing.*(\n  .*)*"
    r"|Error sending accounting record[\s\S]*not trying the others)\n",
    re.MULTILINE,
)
"""Lines that cmd-logger and cmd-configuration are about; and no accounting service runs here."""
TRACEBACKS: dict[tuple[str, ...], str] = {
    ("get_jdl", NOBODYS): "No such job",
    ("reschedule", NOBODYS): "No such job",
    ("reschedule", "x"): "Expected (list of)  integer",
    ("submit", "job.jdl", "-f", "/nowhere/ids"): "No such file or directory. No job was submitted",
}
"""What is said where DIRAC ends with a traceback (cmd-traceback)."""
GIVEN_UP = "Some jobs failed deletion"
"""What DIRAC 9.1.22 says in some runs, and not in others, of jobs that were killed a moment before."""
REASONS: dict[tuple[str, ...], str] = {
    ("submit", "none.jdl", "-f", "no-ids"): "There is no such file, and it is no JDL",
    ("submit", "job.jdl,job.jdl"): "There is no such file, and it is no JDL",
    ("submit", "type.jdl", "job.jdl"): "JobType 'Wrong' is not allowed in VO dirac",
}
"""What is said where DIRAC has other words for a JDL that is refused (cmd-reasons)."""


class Side:
    """Jobs of one side, a folder to run in, and what differs from the other side only by name."""

    def __init__(self, legacy: Legacy, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        folder.mkdir()
        for file, text in FILES.items():
            (folder / file).write_text(text)
        jdl = f'[Executable = "/bin/echo"; JobName = "test"; JobType = "User"; JobGroup = "{name}"; CPUTime = 1000;]'
        owners = ["alice"] * (len(KINDS) - 1) + ["bob"]
        self.jobs = [
            legacy.new_job(owner=owner, group="dirac_user", jdl=jdl, status=state)
            for owner, state in zip(owners, KINDS, strict=True)
        ]
        parameters = [("HostName", "wn1"), ("PayloadPID", 7), ("StandardOutput", "much")]
        legacy.call("JobStateUpdate", "setJobParameters", self.jobs[0], parameters)

    def commands(self) -> list[tuple[str, ...]]:
        one, two, three, failed, done, running, deleted, other, bobs = map(str, self.jobs)
        return [
            ("status", f"{one},{two}", other),
            ("status", NOBODYS, one),
            ("status", "-g", self.name, "-f", "nofile"),
            ("status", "-g", "nogroup"),
            ("status", "--File", "nofile"),
            ("status", one, "some.cfg", "-o", "/DIRAC/Setup=none", "-d"),
            ("status", one, "x"),
            ("status", "-Z"),
            ("status", "-h"),
            ("parameters", f"{one},x", two, NOBODYS),
            ("attributes", one, "x", NOBODYS),
            ("logging_info", one, "x", NOBODYS),
            ("get_jdl", one, "x"),
            ("get_jdl", one, "-O"),
            ("get_jdl", NOBODYS),
            ("get_output",),
            ("get_output", running, NOBODYS, "x"),
            ("get_output", running),
            ("get_output", running, "-D", "./out/", "--JobGroup", self.name),
            ("get_output", "-g", "nogroup"),
            ("kill",),
            ("kill", "x"),
            ("kill", two, running, done, NOBODYS),
            ("kill", deleted),
            ("kill", three, bobs),
            ("status", f"{two},{running},{done},{three},{bobs}"),
            ("delete",),
            ("delete", "x"),
            ("delete", "-g", "nogroup"),
            ("delete", f"{done},{two}", NOBODYS),
            ("delete", deleted),
            ("delete", bobs),
            ("reschedule", failed, other),
            ("reschedule", NOBODYS),
            ("reschedule", "x"),
            ("logging_info", failed),
            ("submit",),
            ("submit", "job.jdl", "job.jdl", "-f", "ids"),
            ("submit", FILES["one.jdl"], "-f", "new-ids"),
            ("submit", "two.jdl", "--File=new-ids"),
            ("submit", "local.jdl", "-f", "local-id"),
            ("submit", "missing.jdl"),
            ("submit", "none.jdl", "-f", "no-ids"),
            ("submit", "job.jdl,job.jdl"),
            ("submit", "type.jdl", "job.jdl"),
            ("submit", "job.jdl", "-f", "/nowhere/ids"),
        ]

    def plain(self, text: str) -> str:
        """``text`` with jobs by their place, and without what belongs to this side or to the time of the run."""
        for place, job in enumerate(self.jobs):
            text = re.sub(rf"\b{job}\b", f"<{place}>", text)
        text = re.sub(r"\b76\d{5}\b", "<new>", text)
        text = re.sub(r"(?<=jobs ).*", _in_order, text)
        text = text.replace(str(self.folder), "<folder>").replace(self.name, "<name>")
        text = re.sub(r"datetime\.datetime\([^)]*\)|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\b\d{13}\b", "<time>", text)
        if "Usage:" in text:  # cmd-help
            text = text[: text.index("Usage:")].split("\n")[0]
        return LOGGER.sub("", text)

    def left(self) -> dict[str, str]:
        """The files in the folder."""
        return {
            self.plain(str(file.relative_to(self.folder))): self.plain(file.read_text())
            for file in self.folder.rglob("*")
            if file.is_file()
        }


@pytest.fixture
def signed_in(legacy: Legacy, bridge: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find our service, and credentials of alice."""
    answer = httpx.get(
        f"{bridge.url}/api/auth/legacy-exchange",
        params={"preferred_username": "alice", "scope": "vo:dirac group:dirac_user"},
        headers={"Authorization": f"Bearer {legacy.api_key}"},
    )
    write_credentials(tmp_path / "credentials.json", Credentials.of_answer(answer.raise_for_status().json()))
    for name in [name for name in os.environ if name.startswith("DIRACX_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DIRACX_URL", bridge.url)
    monkeypatch.setenv("DIRACX_CREDENTIALS_PATH", str(tmp_path / "credentials.json"))


Ran = tuple[str, int, str]


def ours(side: Side, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> list[Ran]:
    made = [tmp_path / name for name in ("std.out", "std.err")]
    for file in made:
        file.write_text(file.name)
    with SyncDiracxClient() as client:
        Sandboxes(client).assign(side.jobs[5], Sandboxes(client).upload(made))
    results = []
    for name, *arguments in side.commands():
        code = run(NAMES[name], arguments)
        results.append((capsys.readouterr().out, code, ""))
    return results


def test_commands_do_what_dirac_does(
    legacy: Legacy,
    signed_in: None,
    mariadb: SqlServer,
    worker_databases: WorkerDatabases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # ids that nothing else in the output looks like
    mariadb.execute(f"ALTER TABLE {worker_databases.names['JobDB']}.JobJDLs AUTO_INCREMENT = 7654321")
    theirs, mine = (Side(legacy, name, tmp_path / name) for name in ("theirs", "mine"))
    expected: Sequence[Ran] = legacy.run(
        SCRIPT, theirs.commands(), theirs.folder, theirs.jobs[5], services=True, seconds=300
    )
    monkeypatch.chdir(mine.folder)
    got = ours(mine, capsys, tmp_path)
    differ = []
    for command, their, our in zip(mine.commands(), expected, got, strict=True):
        if command[0] == "delete" and their[0].strip() == GIVEN_UP and command[1] != str(mine.jobs[-1]):
            same = our[1] == 0
        elif command in TRACEBACKS:
            same = their[1] == 1 and "Traceback" in their[2] and our[1] == 2 and TRACEBACKS[command] in our[0]
        elif command in REASONS:
            same = _shape(theirs, their[0]) == _shape(mine, our[0]) and REASONS[command] in our[0]
            same = same and their[1] == our[1]
        else:
            same = (theirs.plain(their[0]), their[1]) == (mine.plain(our[0]), our[1])
        if not same:
            differ.append(f"{command}\n--- DIRAC: {their[1]}\n{their[0]}{their[2]}\n--- ours: {our[1]}\n{our[0]}")
    assert not differ, "\n".join(differ)
    assert {name for name, *_ in mine.commands()} == set(NAMES)
    assert theirs.left() == mine.left()
    assert _input_sandbox(legacy, theirs) == _input_sandbox(legacy, mine)


def _in_order(found: re.Match[str]) -> str:
    """A list of ids, which DIRAC has in the order of an index of the database."""
    return ",".join(sorted(found[0].split(",")))


def _shape(side: Side, text: str) -> list[str]:
    """The first words of the lines that are not continued from the line before."""
    return [" ".join(line.split()[:2]) for line in side.plain(text).splitlines() if re.match("Job|ERROR", line)]


def _input_sandbox(legacy: Legacy, side: Side) -> str:
    """The InputSandbox of the job of ``local.jdl``, without the PFN of the sandbox that was made of its file."""
    text = legacy.call("JobMonitoring", "getJobJDL", int((side.folder / "local-id").read_text()), True)["Value"]
    found = re.search(r"InputSandbox\s*=\s*\{(.*?)\}", text, re.DOTALL)
    assert found is not None, text
    assert found[1].count("SB:") == 1
    return re.sub(r"\s|(?<=SB:)[^\"]*", "", found[1])


def test_every_listed_difference_of_the_commands_is_shown_by_a_test() -> None:
    listed = {difference.id for difference in JOB_COMMANDS}
    here = {"cmd-help", "cmd-configuration", "cmd-logger", "cmd-traceback", "cmd-reasons"}
    by_unit_tests = {"cmd-standard-error", "cmd-repository", "cmd-oversized", "cmd-ended"}
    assert listed == here | by_unit_tests

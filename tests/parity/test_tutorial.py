"""The tutorial of the first service runs, command by command, on a real DIRAC service."""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from diracx_bridge.cli.adapters import app
from diracx_bridge.cli.adapters.configuration import configuration
from diracx_bridge.client import Credentials, write_credentials
from diracx_bridge.legacy_adapters.administration.change import as_cfg
from tests.live import LiveServer
from tests.parity.conftest import Serve
from tests.parity.routed_services import HTTPS, routed
from tests.servers.legacy import Legacy
from tests.unit.docs.documents import DOCS, blocks

PAGE = DOCS / "tutorial" / "first-service.md"
CALLS = re.compile(r"^    (python first_service\.py .*|diracx-bridge adapters .*|systemctl .*)$", re.MULTILINE)
OURS = {"myvo": "dirac"}
JOBS = 12


class Reader:
    """Does what the page says. ``--write`` and the refresh of the CS become a change of the routing file."""

    def __init__(self, legacy: Legacy, serve: Serve, folder: Path) -> None:
        self._legacy, self._serve, self._folder = legacy, serve, folder
        self._cfg = folder / "cs.cfg"
        self._cfg.write_text(as_cfg(HTTPS, {}))
        self.override = legacy.folder / "root" / "etc" / "diracx-bridge-routing.cfg"
        self._jobs = [str(legacy.new_job()) for _ in range(JOBS)]
        self._program = folder / "first_service.py"
        (program,) = blocks(PAGE, "python")
        self._program.write_text(f"{program}\nfrom answer import answer\n\nanswer(answers)\n")
        self.made = 0
        self.reports: list[dict[tuple[str, str], dict[str, Any]]] = []
        self.server: LiveServer | None = None
        self.start()

    def start(self) -> None:
        self.server = self._serve(routed(), bridged=True)

    def follow(self, line: str) -> None:
        words = shlex.split(line.partition("||")[0])
        if words[0] == "python":
            self._call(words[2])
        elif words[0] == "diracx-bridge":
            self._command([OURS.get(word, word) for word in words[2:]], refused="||" in line)
        elif words[1] == "stop":
            assert self.server is not None
            self.server.process.terminate()
            self.server.process.wait()
        else:
            self.start()

    def _call(self, minor: str) -> None:
        answers = self._legacy.run(self._program, minor, *self._jobs, services=True)
        assert [answer for answer in answers if not answer["OK"]] == []
        self.made += 0 if minor == "legacy" else JOBS  # nobody counts the calls of a service without a stage

    def _command(self, arguments: list[str], *, refused: bool) -> None:
        if arguments[0] == "report":
            self._report(arguments)
        elif "--write" in arguments:
            arguments.remove("--write")
            section = self._run([*arguments, "--cfg", str(self._cfg)])
            self._cfg.write_text(section)
            bridge = configuration(str(self._cfg)).tree["DiracX"]["Bridge"]
            self._route(as_cfg(HTTPS, bridge["WorkloadManagement"]["JobStateUpdate"], below_bridge=False))
        elif "--here" in arguments:
            self._run(arguments)
            time.sleep(2)
        elif arguments[0] in ("status", "plan"):
            self._run([*arguments, "--cfg", str(self._cfg)], code=int(refused))
        else:
            self._run(arguments)

    def _route(self, text: str) -> None:
        self.override.write_text(text)
        time.sleep(2)

    def _report(self, arguments: list[str]) -> None:
        end = time.monotonic() + 30
        while True:
            rows = json.loads(self._run([*arguments, "--json"]))
            if sum(row["calls"] for row in rows) >= self.made or time.monotonic() > end:
                break
            time.sleep(1)
        self.reports.append({(row["stage"], row["side"]): row for row in rows})

    @staticmethod
    def _run(arguments: list[str], code: int = 0) -> str:
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == code, (arguments, result.output, result.exception)
        return result.stdout


@pytest.fixture
def reader(legacy: Legacy, serve_bridge: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    made = Reader(legacy, serve_bridge, tmp_path)
    issued = httpx.get(
        f"{legacy.diracx_url}/api/auth/legacy-exchange",
        params={"preferred_username": "adminuser", "scope": "vo:dirac group:dirac_admin"},
        headers={"Authorization": f"Bearer {legacy.api_key}"},
    ).json()
    write_credentials(tmp_path / "credentials", Credentials.of_answer(issued))
    monkeypatch.setenv("DIRACX_OUTPUT_FORMAT", "RICH")  # as on a terminal
    monkeypatch.setenv("DIRACX_URL", legacy.diracx_url)
    monkeypatch.setenv("DIRACX_CREDENTIALS_PATH", str(tmp_path / "credentials"))
    monkeypatch.setenv("DIRACX_BRIDGE_ROUTING_FILE", str(made.override))
    yield made
    made.override.unlink(missing_ok=True)


def test_the_first_service_goes_from_legacy_to_live_and_back_as_the_tutorial_says(reader: Reader) -> None:
    for line in CALLS.findall(PAGE.read_text()):
        reader.follow(line)
    compare, canary, again, live, standby, back = reader.reports
    assert (compare["compare", "legacy"]["calls"], compare["compare", "legacy"]["mismatches"]) == (JOBS, 0)
    sides = [(report["canary", "diracx"]["calls"], report["canary", "legacy"]["calls"]) for report in (canary, again)]
    assert sum(sides[0]) == JOBS
    assert sides[1] == (2 * sides[0][0], 2 * sides[0][1])
    assert live["live", "diracx"]["calls"] == JOBS
    assert standby["live", "legacy"]["stood in"] == JOBS
    assert back["legacy", "legacy"]["calls"] == JOBS

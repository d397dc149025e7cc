"""The unit, the container and the Deployment start commands that exist, with options that exist."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import typer.main
import yaml
from click import Context

from diracx_bridge.cli.main import app
from tests.servers.system_packages import commands, require

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "cs-sync"


def unit_command() -> list[str]:
    text = (EXAMPLES / "diracx-bridge-cs-sync.service").read_text().replace("\\\n", " ")
    line = re.search(r"(?m)^ExecStart=(.*)$", text)
    assert line
    return shlex.split(line[1])


def container() -> dict[str, list[str]]:
    """Keyword -> what stands behind it."""
    found: dict[str, list[str]] = {}
    for line in (EXAMPLES / "Containerfile").read_text().splitlines():
        keyword, _, rest = line.partition(" ")
        if keyword.isupper():
            found.setdefault(keyword, []).append(rest)
    return found


def deployment_arguments() -> list[str]:
    deployment = next(yaml.safe_load_all((EXAMPLES / "deployment.yaml").read_text()))
    arguments: list[str] = deployment["spec"]["template"]["spec"]["containers"][0]["args"]
    return arguments


def accepted(arguments: list[str]) -> dict[str, object]:
    """What the command line makes of ``arguments``; it ends the process for one it does not know."""
    context = Context(typer.main.get_command(app), info_name="diracx-bridge")
    for name in arguments[:2]:
        command = context.command.get_command(context, name)  # type: ignore[attr-defined]
        assert command is not None, name
        context = Context(command, info_name=name, parent=context)
    context.command.parse_args(context, list(arguments[2:]))
    return context.params


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    require(commands("systemd-analyze"), "systemd")
    unit = tmp_path / "diracx-bridge-cs-sync.service"
    text = (EXAMPLES / unit.name).read_text()
    unit.write_text(text.replace(unit_command()[0], sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_starts_a_daemon() -> None:
    given = accepted(unit_command()[1:])
    assert given["daemon"] is True
    assert given["token_file"]


def test_the_entry_point_of_the_container_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    written = container()
    entry = json.loads(written["ENTRYPOINT"][0])
    assert entry[0] in project["scripts"]
    extras = re.findall(r"pip install .*/src\[([a-z-]+)\]", " ".join(written["RUN"]))
    assert extras
    assert set(extras) <= project["optional-dependencies"].keys()
    assert json.loads(written["CMD"][0]) == ["--help"]
    assert accepted([*entry[1:], *deployment_arguments()])["daemon"] is True


def test_the_variables_of_the_container_belong_to_options() -> None:
    names = {name for line in container()["ENV"] for name in re.findall(r"(\w+)=", line)}
    command = typer.main.get_command(app).commands["cs"].commands["sync"]  # type: ignore[attr-defined]
    known = {f"DIRACX_BRIDGE_CS_SYNC_{str(parameter.name).upper()}" for parameter in command.params}
    assert names
    assert names <= known

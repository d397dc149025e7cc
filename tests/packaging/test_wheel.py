"""The built wheel, not the checkout: what it holds, and what its light half imports."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from diracx_bridge.cli.legacy_commands import main
from diracx_bridge.cli.legacy_commands.main import COMMANDS
from tests.servers.interpreter import make

pytestmark = pytest.mark.packaging

CHECKOUT = Path(__file__).resolve().parents[2]
SERVER_LIBRARIES = {"fastapi", "starlette", "sqlalchemy", "opensearchpy", "aiomysql", "asyncmy", "aiosqlite", "uvicorn"}
HEAVY_LIBRARIES = {"pydantic", "pydantic_settings", "pygit2", "yaml", "orjson", "structlog"}
LIGHT_HALF = (
    "diracx_bridge.client",
    "diracx_bridge.legacy_adapters",
    "diracx_bridge.core.errors",
    "diracx_bridge.cli.main",
)


@pytest.fixture(scope="session")
def light(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment with the wheel and its own requirements, no extras."""
    folder = tmp_path_factory.mktemp("light")
    return make(sys.executable, folder / "venv", wheel, log=folder / "pip.log")


def _imported(python: Path, module: str, folder: Path) -> set[str]:
    """The top-level packages that `import module` brings, as `-X importtime` tells."""
    command: list[str | Path] = [python, "-I", "-X", "importtime", "-c", f"import {module}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}


@pytest.mark.parametrize("module", LIGHT_HALF)
def test_no_server_library_is_imported_when_the_light_half_is(light: Path, module: str, tmp_path: Path) -> None:
    imported = _imported(light, module, tmp_path)
    assert "diracx_bridge" in imported
    assert not imported & (SERVER_LIBRARIES | HEAVY_LIBRARIES)


@pytest.mark.parametrize("module", LIGHT_HALF)
def test_no_server_library_is_imported_when_all_extras_are_installed(module: str, tmp_path: Path) -> None:
    assert not _imported(Path(sys.executable), module, tmp_path) & (SERVER_LIBRARIES | HEAVY_LIBRARIES)


def test_the_installed_package_is_the_wheel_when_the_light_half_is_imported(light: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [light, "-I", "-c", "import diracx_bridge; print(diracx_bridge.__file__)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(light.parents[1])


def test_the_command_explains_itself_when_only_the_light_half_is_installed(light: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [light.parent / "diracx-bridge", "--help"]
    env = {**os.environ, "COLUMNS": "120"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert "diracx-bridge" in done.stdout


def test_everything_of_the_package_is_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        packed = {name for name in content.namelist() if ".dist-info/" not in name}
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "diracx_bridge"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CHECKOUT).stdout.splitlines()
    assert packed == {name for name in listed if (CHECKOUT / name).exists()}
    assert "diracx_bridge/py.typed" in packed


def test_the_wheel_says_its_licence_and_its_entry_points(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        info = next(name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = content.read(info).decode()
        licence = content.read(info.replace("METADATA", "licenses/LICENSE")).decode()
        entry_points = configparser.ConfigParser()
        entry_points.read_string(content.read(info.replace("METADATA", "entry_points.txt")).decode())
    assert "License-Expression: GPL-3.0-only" in metadata
    assert "Version 3, 29 June 2007" in licence
    assert entry_points["console_scripts"]["diracx-bridge"] == "diracx_bridge.cli.main:main"
    assert entry_points["dirac"]["metadata"] == "diracx_bridge.legacy_adapters.dirac.extension:metadata"


def test_all_extras_bring_the_server_and_the_converter(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        info = next(name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        lines = content.read(info).decode().splitlines()

    def requirements(extra: str) -> set[str]:
        found = (line.partition(" ")[2] for line in lines if line.startswith("Requires-Dist: "))
        return {line.partition(";")[0].strip() for line in found if line.endswith(f"extra == '{extra}'")}

    assert requirements("server")
    assert requirements("all") == requirements("server") | requirements("cs-sync")


def test_the_package_of_legacy_commands_has_an_entry_point_for_each(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*command, str(CHECKOUT / "legacy-commands")], check=True, cwd=tmp_path)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as content:
        (name,) = (name for name in content.namelist() if name.endswith("entry_points.txt"))
        entry_points = configparser.ConfigParser()
        entry_points.read_string(content.read(name).decode())
        assert all(".dist-info/" in name for name in content.namelist())
    expected = {
        f"dirac-wms-job-{legacy.name.replace('_', '-')}": f"{main.__name__}:{legacy.name}" for legacy in COMMANDS
    }
    assert dict(entry_points["console_scripts"]) == expected
    assert all(callable(getattr(main, legacy.name)) for legacy in COMMANDS)

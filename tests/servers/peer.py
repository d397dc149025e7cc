"""The official client packages of DiracX, unmodified, in an environment of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import cache, interpreter
from .process import ServerError

PACKAGES = ("diracx-core", "diracx-client", "diracx-api", "diracx-cli")
VERSION = "0.7.0"
CONSTRAINTS = Path(__file__).with_name("peer-constraints.txt")


@dataclass(frozen=True)
class Peer:
    """The environment and how to run something in it."""

    python: Path

    def run(
        self, script: Path, *arguments: str, env: Mapping[str, str] | None = None, seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a script there; `env` is added to a clean environment. Its exit code is the caller's business."""
        return self.command("python", str(script), *arguments, env=env, seconds=seconds)

    def command(
        self, program: str, *arguments: str, env: Mapping[str, str] | None = None, seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment (`dirac`, `python`) in the same way."""
        return subprocess.run(
            [self.python.parent / program, *arguments],
            env={**interpreter.clean_environment(), **(env or {})},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def start(self, program: str, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a program of the environment whose output is read while it runs; both streams come on `stdout`."""
        return subprocess.Popen(
            [self.python.parent / program, *arguments],
            env={**interpreter.clean_environment(), "PYTHONUNBUFFERED": "1", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def install() -> Peer:
    """The environment, made when it is not in the cache yet."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    python = interpreter.find_python(version)
    if python is None:
        raise ServerError(f"No Python {version} here that can make virtual environments")
    base = python

    def make(target: Path) -> None:
        packages = [f"{name}=={VERSION}" for name in PACKAGES]
        interpreter.make(base, target / "venv", *packages, "-c", CONSTRAINTS, log=target / "pip.log")

    name = f"peer-{VERSION}-py{version}-{cache.digest(CONSTRAINTS.read_bytes())}"
    return Peer(cache.installed(name, make) / "venv" / "bin" / "python")

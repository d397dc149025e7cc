"""One test run: a folder with the data, the logs and the state of its servers.

The process that begins a run owns it and ends it. Its xdist workers find the folder in `DIRACX_BRIDGE_TEST_RUN`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .cache import locked
from .process import Process, process

VARIABLE = "DIRACX_BRIDGE_TEST_RUN"


class Run:
    """The folder of a run and what was made in it, once for all processes of the run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def begin(cls) -> Run:
        """A new run, owned by this process, after dead ones were cleaned up."""
        clean()
        # Below the temporary folder, because servers that may not run as root must be able to read it.
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=_parent()))
        folder.chmod(0o755)
        _write(folder / "owner.json", vars(_self()))
        os.environ[VARIABLE] = str(folder)
        return cls(folder)

    @classmethod
    def joined(cls) -> Run | None:
        """The run that the environment names, as long as it is there."""
        named = os.environ.get(VARIABLE)
        return cls(Path(named)) if named and Path(named).is_dir() else None

    def once(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `make` returned when it was first asked for in this run; processes wait for each other."""
        state = self.folder / f"{name}.json"
        with locked(self.folder / f"{name}.lock"):
            if not state.exists():
                _write(state, make())
            found: dict[str, Any] = json.loads(state.read_text())
            return found

    def register(self, child: Process) -> None:
        """This process ends with the run, whatever happens in between."""
        _write(self.folder / "processes" / f"{child.pid}.json", vars(child))

    def end(self) -> None:
        """Stop all servers of the run and remove its folder."""
        children = [Process(**json.loads(file.read_text())) for file in (self.folder / "processes").glob("*.json")]
        for child in children:
            child.signal(signal.SIGTERM)
        for child in children:
            child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if os.environ.get(VARIABLE) == str(self.folder):
            del os.environ[VARIABLE]


def clean() -> int:
    """End the runs whose owner is dead; returns how many."""
    ended = 0
    for folder in _parent().glob("run-*"):
        try:
            owner = Process(**json.loads((folder / "owner.json").read_text()))
        except (OSError, ValueError):
            continue  # being made or removed at this moment
        if not owner.alive():
            Run(folder).end()
            ended += 1
    return ended


def _parent() -> Path:
    parent = Path(tempfile.gettempdir()) / f"diracx-bridge-tests-{os.getuid()}"
    parent.mkdir(mode=0o755, exist_ok=True)
    return parent


def _self() -> Process:
    found = process(os.getpid())
    if found is None:
        raise RuntimeError("/proc is needed to tell processes apart: the test servers run on Linux only")
    return found


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(content))
    partial.replace(path)

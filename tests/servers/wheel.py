"""The wheel of this checkout, as a user would install it."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from . import interpreter
from .run import Run

CHECKOUT = Path(__file__).resolve().parents[2]
NAME = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:4]
"""A short name for this checkout, so that test sessions of several checkouts can share servers."""
SESSION = "DIRACX_BRIDGE_TEST_SESSION"
"""Variable that tells the processes of a test session that they belong together; `begin_session` sets it."""


def begin_session() -> None:
    """Make this process, and those that it starts, one test session."""
    os.environ.setdefault(SESSION, f"{NAME}_{os.getpid()}")


def built_wheel(run: Run) -> Path:
    """The path of the wheel, built once per test session with the build backend of this environment."""
    name = f"wheel_{os.environ.get(SESSION, NAME)}"

    def make() -> dict[str, str]:
        folder = run.folder / name
        arguments = ("wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, CHECKOUT)
        interpreter.pip(Path(sys.executable), *arguments, log=run.folder / f"{name}.log")
        return {"path": str(next(folder.glob("*.whl")))}

    return Path(run.once(name, make)["path"])

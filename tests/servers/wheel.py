"""The wheel of this checkout, as a user would install it."""

from __future__ import annotations

import sys
from pathlib import Path

from . import interpreter
from .run import Run

CHECKOUT = Path(__file__).resolve().parents[2]


def built_wheel(run: Run) -> Path:
    """The path of the wheel, built once per run with the build backend of this environment."""

    def make() -> dict[str, str]:
        folder = run.folder / "wheel"
        arguments = ("wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, CHECKOUT)
        interpreter.pip(Path(sys.executable), *arguments, log=run.folder / "wheel.log")
        return {"path": str(next(folder.glob("*.whl")))}

    return Path(run.once("wheel", make)["path"])

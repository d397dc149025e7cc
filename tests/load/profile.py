"""Where a server's time goes while a case runs: samples by py-spy of the threads that hold the interpreter's lock.

What SQLAlchemy runs in a greenlet appears with SQLAlchemy's frames only, not below its caller.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.load.measure import Result, measure
from tests.load.scenarios import Case
from tests.load.target import Target
from tests.servers.process import ServerError

FRAME = re.compile(r"^(?P<function>.*) \((?P<file>.*?)(?::(?P<line>\d+))?\)$")
RATE = 500
PACKAGES, FUNCTIONS = 14, 30
DEEP = ("sqlalchemy", "diracx_bridge")
"""Packages that are told apart by their parts."""
AROUND = ("asyncio", "starlette", "typer", "uvicorn", "<string>")
"""Packages that call everything else: their functions are not listed."""


def profile(target: Target, case: Case, seconds: float) -> tuple[Result, str]:
    """The figures of a case, slowed down by the sampling, and the shares of packages and functions as text."""
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if spy is None:
        raise ServerError("py-spy is missing: install it with pip into this environment")
    with tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch) / "samples"
        command = [spy, "record", "-p", str(target.process.pid), "-r", str(RATE), "-d", str(round(seconds)), "--gil"]
        sampling = subprocess.Popen(
            [*command, "-f", "raw", "-o", str(raw)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        time.sleep(0.5)  # it reads the process before it samples
        result, _ = measure(target, replace(case, most=10**9), seconds)
        _, errors = sampling.communicate(timeout=60)
        if not raw.exists():
            raise ServerError(f"py-spy could not look into the server: {errors.decode()}")
        stacks = raw.read_text().splitlines()
    return result, _shares(stacks)


def _shares(stacks: list[str]) -> str:
    own: Counter[str] = Counter()
    inclusive: Counter[str] = Counter()
    for stack in stacks:
        frames, _, count = stack.rpartition(" ")
        found = [match for each in frames.split(";") if (match := FRAME.match(each))]
        if found:
            own[_package(found[-1]["file"])] += int(count)
            names = {f"{match['function']}  {_short(match['file'])}" for match in found if not _around(match["file"])}
            inclusive.update(dict.fromkeys(names, int(count)))
    total = own.total() or 1
    parts = ["self time by package:", *_lines(own, total, PACKAGES), "inclusive, by function:"]
    return "\n".join([*parts, *_lines(inclusive, total, FUNCTIONS)])


def _lines(counts: Counter[str], total: int, most: int) -> list[str]:
    return [f"  {100 * count / total:5.1f} %  {name}" for name, count in counts.most_common(most)]


def _package(file: str) -> str:
    parts = _short(file).split("/")
    if parts[0] in DEEP:
        return "/".join(parts[:3])
    return parts[0] if len(parts) > 1 else f"stdlib {parts[0]}"


def _around(file: str) -> bool:
    return _short(file).split("/")[0] in AROUND


def _short(file: str) -> str:
    return re.sub(r"^.*(site-packages|lib/python3\.\d+)/", "", file)

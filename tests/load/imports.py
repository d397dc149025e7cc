"""What it costs to start: import times and memory of the clients, and the help of the command lines, by turns."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.servers import peer

ROUNDS = 7
AT_END = "import atexit, sys; atexit.register(lambda: sys.stderr.write(open('/proc/self/status').read())); "
"""Lets a process tell its peak memory (what `wait` reports has that of the parent in it)."""


class Cost(NamedTuple):
    """Of one process: seconds by the clock, and peak memory in MB."""

    seconds: float
    megabytes: float


def figures(keep: Callable[[dict[str, Any]], object]) -> None:
    """Print the table: medians, and the ratio official / ours."""
    theirs = peer.install().python
    ours = Path(sys.executable)
    pairs: dict[str, tuple[Sequence[str | Path], Sequence[str | Path]]] = {
        "the interpreter alone": ((theirs, "-c", "pass"), (ours, "-c", "pass")),
        "import of the sync client": (
            (theirs, "-c", "from diracx.client.sync import SyncDiracClient"),
            (ours, "-c", "from diracx_bridge.client import SyncDiracxClient"),
        ),
        "--help of the command line": (
            (theirs, "-c", "from diracx.cli import app; app(['--help'])"),
            (ours, "-c", "import sys; sys.argv[1:] = ['--help']; from diracx_bridge.cli.main import main; main()"),
        ),
    }
    print("\n| start of a process | official s | ours s | ratio | official MB | ours MB | ratio |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, commands in pairs.items():
        official, mine = _by_turns(commands)
        print(
            f"| {name} | {official.seconds:.3f} | {mine.seconds:.3f} | {official.seconds / mine.seconds:.1f} "
            f"| {official.megabytes:.1f} | {mine.megabytes:.1f} | {official.megabytes / mine.megabytes:.1f} |",
            flush=True,
        )
        keep({"case": f"imports/{name}", "official": official._asdict(), "ours": mine._asdict(), "errors": {}})


def _by_turns(commands: Sequence[Sequence[str | Path]]) -> list[Cost]:
    costs = [[_cost(command) for command in commands] for _ in range(ROUNDS + 1)][1:]  # the first one fills the caches
    return [
        Cost(statistics.median(c.seconds for c in each), statistics.median(c.megabytes for c in each))
        for each in zip(*costs, strict=True)
    ]


def _cost(command: Sequence[str | Path]) -> Cost:
    python, flag, code = map(str, command)
    began = time.perf_counter()
    done = subprocess.run([python, flag, AT_END + code], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    found = re.search(r"VmHWM:\s+(\d+) kB", done.stderr)
    if done.returncode or found is None:
        raise SystemExit(f"{python} {code!r} ended with {done.returncode}: {done.stderr[-2000:]}")
    return Cost(seconds, int(found[1]) / 1024)

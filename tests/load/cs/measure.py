"""Measures one run after the other: the daemon by its own figures and from outside, and the commands as processes."""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pygit2

from tests.load.cs.generator import configuration
from tests.load.processes import cpu_seconds, memory_mb
from tests.servers import peer

CASES = ("cs/convert", "cs/commit", "cs/verify", "cs/memory", "cs/once", "cs/official")
START = (sys.executable, "-c", "from diracx_bridge.cli.main import main; main()")
LIMITS = {"cs/convert": 1000.0, "cs/commit": 2000.0, "cs/verify": 50.0, "cs/memory": 100.0}
"""What is aimed at with 5,000 users and 2,000 sites: ms, MB for the memory."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one case, in ``unit``; ``cpu`` is the CPU time in ms of the process for one run."""

    case: str
    unit: str
    values: list[float] = field(default_factory=list)
    cpu: float | None = None
    load: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.values)


def chosen(scenarios: list[str]) -> list[str]:
    """The cases that the command line names."""
    return [case for case in CASES if any(fnmatch(case, name) or name in ("*", "cs") for name in scenarios)]


def measure(cases: list[str], users: int, sites: int, rounds: int) -> Iterator[Figures]:
    """The figures of ``cases`` in order."""
    with TemporaryDirectory(prefix="diracx-bridge-cs-") as name:
        folder = Path(name)
        texts = [configuration(users, sites, changed=number) for number in range(rounds + 2)]
        file, repository = folder / "CS.cfg", folder / "config.git"
        file.write_text(texts[0])
        if {"cs/convert", "cs/commit", "cs/verify", "cs/memory"} & set(cases):
            found = {each.case: each for each in _daemon(file, repository, folder, texts, rounds)}
            yield from (found[case] for case in CASES if case in cases and case in found)
        if "cs/once" in cases:
            mine = [*START, "cs", "convert", str(file), str(folder / "ours.yml")]
            yield _processes("cs/once", lambda: subprocess.run(mine, check=True, capture_output=True), rounds)
        if "cs/official" in cases:
            official = peer.install()
            words = ("internal", "legacy", "cs-sync", str(file), str(folder / "official.yml"))
            switch = {"DIRAC_COMPAT_ENABLE_CS_CONVERSION": "true"}
            yield _processes("cs/official", lambda: official.command("dirac", *words, env=switch), rounds)


def _daemon(file: Path, repository: Path, folder: Path, texts: list[str], rounds: int) -> Iterator[Figures]:
    log = folder / "log"
    words = ["cs", "sync", str(file), str(repository), "--daemon", "--state", str(folder / "state")]
    command = [*START, *words, "--listen", "127.0.0.1:0"]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            url = _until(lambda: re.search(r"listening on (http://\S+)", log.read_text()))[1]
            _until(lambda: repository.exists() and _commits(repository) == 1 and _ready(url))
            convert, convert_cpu, commit, load = [], [], [], os.getloadavg()[0]
            cpu = cpu_seconds(process.pid)
            for number in range(1, rounds + 1):
                new = file.with_suffix(".new")
                new.write_text(texts[number])
                begin = time.perf_counter()
                new.rename(file)
                _until(partial(_has, repository, number + 1), pause=0.01)
                commit.append((time.perf_counter() - begin) * 1000)
                _until(lambda: _ready(url))
                convert.append(_metric(url, "convert_seconds") * 1000)
                convert_cpu.append(_metric(url, "convert_cpu_seconds") * 1000)
            cpu = (cpu_seconds(process.pid) - cpu) / rounds * 1000
            yield Figures("cs/convert", "ms", convert, statistics.median(convert_cpu), load)
            yield Figures("cs/commit", "ms", commit, cpu, load)
            time.sleep(2)
            yield Figures("cs/memory", "MB", [memory_mb(process.pid)], load=os.getloadavg()[0])
            verify, verify_cpu, body = [], [], texts[rounds + 1].encode()
            for _ in range(rounds):
                before = cpu_seconds(process.pid)
                begin = time.perf_counter()
                answer = json.loads(urllib.request.urlopen(f"{url}/verify", body).read())
                verify.append((time.perf_counter() - begin) * 1000)
                verify_cpu.append((cpu_seconds(process.pid) - before) * 1000)
                if not answer["ok"] or answer["whole"]:
                    raise RuntimeError(
                        f"verify should find nothing in a sound text, and look only at the change: {answer}"
                    )
            yield Figures("cs/verify", "ms", verify, statistics.median(verify_cpu), load=os.getloadavg()[0])
        finally:
            process.terminate()


def _processes(case: str, run: Callable[[], Any], rounds: int) -> Figures:
    values, load = [], os.getloadavg()[0]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(rounds):
        begin = time.perf_counter()
        done = run()
        values.append((time.perf_counter() - begin) * 1000)
        if done.returncode:
            raise RuntimeError(f"{case} failed: {done.stderr[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / rounds * 1000
    return Figures(case, "ms", values, cpu, load)


def as_json(figures: Figures) -> dict[str, Any]:
    """For the file of figures."""
    return {**asdict(figures), "median": figures.median, "errors": {}}


def head() -> str:
    """The first lines of the table."""
    return "| case | unit | median | least-most | CPU ms | aim |\n|---|---|---:|---:|---:|---:|"


def line(figures: Figures) -> str:
    """One line of it."""
    spread = f"{min(figures.values):.0f}-{max(figures.values):.0f}"
    cpu = "" if figures.cpu is None else f"{figures.cpu:.0f}"
    aim = f"{LIMITS[figures.case]:.0f}" if figures.case in LIMITS else ""
    return f"| {figures.case} | {figures.unit} | {figures.median:.0f} | {spread} | {cpu} | {aim} |"


def _until(ready: Callable[[], Any], *, pause: float = 0.05) -> Any:
    deadline = time.monotonic() + 120
    while not (found := ready()):
        if time.monotonic() > deadline:
            raise RuntimeError("the synchroniser did not do its work within 120 s")
        time.sleep(pause)
    return found


def _commits(repository: Path) -> int:
    try:
        opened = pygit2.Repository(str(repository))
    except pygit2.GitError:  # it is just being made
        return 0
    tip = opened.references.get("refs/heads/master")
    return 0 if tip is None else sum(1 for _ in opened.walk(tip.target))


def _has(repository: Path, commits: int) -> bool:
    return _commits(repository) == commits


def _ready(url: str) -> bool:
    return _metric(url, "ready") == 1 and _metric(url, "queued") == 0


def _metric(url: str, name: str) -> float:
    text = urllib.request.urlopen(f"{url}/metrics").read().decode()
    found = re.search(rf"(?m)^diracx_bridge_cs_sync_{name} (\S+)$", text)
    return float(found[1]) if found else 0.0

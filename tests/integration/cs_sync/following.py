"""The synchroniser as a process: one run, or the daemon with its address."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[3] / "examples" / "dirac.cfg"
START = "from diracx_bridge.cli.main import main; main()"


def legacy(number: int, *, share: object = None) -> str:
    """A legacy configuration whose version and one typed value depend on ``number``."""
    text = EXAMPLE.read_text()
    text, times = re.subn(
        r"(?m)^(\s*Version = 2026-\d\d-\d\d) .*$", rf"\1 08:00:{number % 60:02}.000000", text, count=1
    )
    assert times == 1
    value = number if share is None else share
    return re.sub(r"(?m)^(\s*)JobShare = .*$", rf"\g<1>JobShare = {value}", text, count=1)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-W", "error", "-c", START, "cs", "sync", *map(str, arguments)]


def run(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """`cs sync` to its end."""
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, env=os.environ | env, timeout=120
    )


def history(*arguments: object) -> subprocess.CompletedProcess[str]:
    """`cs history` to its end."""
    return _other("history", *arguments)


def verify(*arguments: object) -> subprocess.CompletedProcess[str]:
    """`cs verify` to its end."""
    return _other("verify", *arguments)


def _other(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-W", "error", "-c", START, "cs", name, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)


def until(what: str, ready: Callable[[], Any], seconds: float = 30) -> Any:
    """What ``ready`` gives as soon as that is true."""
    deadline = time.monotonic() + seconds
    while True:
        found = ready()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


class Daemon:
    """`cs sync --daemon`, killed at the end of the block."""

    def __init__(self, log: Path, *arguments: object) -> None:
        self._log = log
        self._arguments = arguments

    def __enter__(self) -> Daemon:
        with self._log.open("a") as log:
            begin = self._log.stat().st_size
            self.process = subprocess.Popen(
                command(*self._arguments, "--daemon", "--listen", "127.0.0.1:0"), stdout=log, stderr=log
            )
        self.url = until("the daemon listens", lambda: self._listening(begin))
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _listening(self, begin: int) -> str | None:
        assert self.process.poll() is None, self.log
        found = re.search(r"listening on (http://\S+)", self._log.read_text()[begin:])
        return found[1] if found else None

    @property
    def log(self) -> str:
        return self._log.read_text()

    def get(self, path: str, data: bytes | None = None) -> tuple[int, Any]:
        """Status and answer."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, data), timeout=10) as response:
                status, body = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        return status, body.decode() if path == "/metrics" else json.loads(body)

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def problems(self) -> dict[str, str]:
        found: dict[str, str] = self.get("/readyz")[1]["problems"]
        return found

    def metric(self, name: str) -> float:
        found = re.search(rf"(?m)^diracx_bridge_cs_sync_{re.escape(name)} (\S+)$", self.get("/metrics")[1])
        return float(found[1]) if found else 0.0

    def end(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

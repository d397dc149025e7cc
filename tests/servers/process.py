"""Start, watch and stop server processes by pid and start time, never by name."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class ServerError(RuntimeError):
    """A test server could not be installed or started; the message says which, why, and what to do."""


@dataclass(frozen=True)
class Process:
    """One process; the start time (in clock ticks since boot) tells it from a later one with the same pid."""

    pid: int
    started: int

    def alive(self) -> bool:
        return _started(self.pid) == self.started

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its process group, if it still lives."""
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def stop(self, seconds: float = 10) -> None:
        """Ask its process group to end, insist after `seconds`."""
        for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5.0)):
            self.signal(number)
            deadline = time.monotonic() + patience
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.05)


def process(pid: int) -> Process | None:
    """The process that has this pid now."""
    started = _started(pid)
    return None if started is None else Process(pid, started)


def _started(pid: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    """Whether somebody accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait(what: str, ready: Callable[[], bool], process: Process, log: Path, seconds: float) -> None:
    """Return when `ready()`; `ServerError` with the end of the log when the process dies or time is up."""
    deadline = time.monotonic() + seconds
    while not ready():
        dead = not process.alive()
        if dead or time.monotonic() > deadline:
            reason = "ended while starting" if dead else f"gave no answer within {seconds:.0f} s"
            raise ServerError(f"{what} {reason}; the end of {log}:\n{tail(log)}")
        time.sleep(0.1)


def tail(log: Path, lines: int = 25) -> str:
    """The last lines of a log file, as far as there is one."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"


def call(*arguments: str | Path, log: Path, env: Mapping[str, str] | None = None, stdin: bytes | None = None) -> None:
    """Run a command, its output appended to `log`; `ServerError` with the end of the log when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        output.write(f"$ {' '.join(map(str, arguments))}\n".encode())
        output.flush()
        done = subprocess.run(arguments, stdout=output, stderr=subprocess.STDOUT, input=stdin, env=env, check=False)
    if done.returncode:
        command = " ".join(map(str, arguments[:6]))
        raise ServerError(f"{command} ... failed with {done.returncode}; the end of {log}:\n{tail(log)}")


def spawn(arguments: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> Process:
    """Start a server in a session of its own, so that Ctrl-C reaches it only through `stop`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            arguments, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=env, start_new_session=True
        )
    found = process(child.pid)
    child.returncode = 0  # it may outlive this process, which is no reason for a ResourceWarning
    if found is None:
        raise ServerError(f"{arguments[0]} ended at once; the end of {log}:\n{tail(log)}")
    return found

"""CPU time and memory of other processes, from the kernel."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads, also the ended ones, in nanosecond steps."""
    return time.clock_gettime((~pid << 3) | 2)  # the clock id that clock_getcpuclockid(3) gives


def memory_mb(pid: int) -> float:
    """Resident memory in MB."""
    return _status(pid, "VmRSS")


def peak_mb(pid: int) -> float:
    """The most resident memory since the start of the process or the last `forget_peak`, in MB."""
    return _status(pid, "VmHWM")


def forget_peak(pid: int) -> None:
    """Let `peak_mb` begin anew, where the kernel allows it."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _status(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * 1024 / 1e6
    return 0.0

"""Packages of the operating system (Debian and its relatives)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from . import cache
from .process import ServerError, call


def commands(*names: str) -> Callable[[], bool]:
    """Whether all these commands are found, also where only root's PATH looks."""
    return lambda: all(find(name) for name in names)


def find(name: str) -> str | None:
    """The path of a command, `None` when it is missing."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def require(present: Callable[[], bool], *packages: str) -> None:
    """Install Debian packages unless `present()`; `ServerError` with the admin's command if that is impossible."""
    if present():
        return
    manual = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if find("apt-get") is None or os.getuid() != 0:
        raise ServerError(f"Missing system packages, and only root on Debian can install them. Run as root: {manual}")
    with cache.locked(cache.folder() / "locks" / "apt.lock"):
        if present():
            return
        log = cache.folder() / "logs" / "apt.log"
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        options = ("-o", "DPkg::Lock::Timeout=300", "-q", "-y", "--no-install-recommends")
        call("apt-get", "update", "-q", log=log, env=env)
        call("apt-get", "install", *options, *packages, log=log, env=env)
    if not present():
        raise ServerError(f"{manual} succeeded, but what the tests need is still missing")


def header(name: str) -> Callable[[], bool]:
    """Whether a C header lies below `/usr/include`."""
    return lambda: any(Path("/usr/include").glob(f"**/{name}"))

"""oasdiff, which compares OpenAPI documents: a Go program, built once."""

from __future__ import annotations

import os
from pathlib import Path

from . import cache
from .process import call
from .system_packages import commands, find, require

MODULE = "github.com/oasdiff/oasdiff@v1.36.0"


def install() -> Path:
    """The program, built when it is not in the cache yet."""
    require(commands("go"), "golang")
    return cache.installed(f"oasdiff-{cache.digest(MODULE)}", _build) / "oasdiff"


def _build(target: Path) -> None:
    env = {**os.environ, "GOBIN": str(target), "GOFLAGS": "-mod=mod"}
    call(find("go") or "go", "install", MODULE, log=target / "go.log", env=env)

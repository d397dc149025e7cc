"""Repositories of configurations, in the file system and over HTTPS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from diracx_bridge.config import ConfigSource

from .git_https import GitServer, serve
from .repository import WorkTree

Following = Callable[..., Coroutine[Any, Any, ConfigSource]]


@pytest.fixture
def repository(tmp_path: Path) -> WorkTree:
    """A new repository without commits."""
    return WorkTree(tmp_path / "repositories" / "cs")


@pytest.fixture
def git_server(tmp_path: Path) -> Iterator[GitServer]:
    """Serves the directory in which ``repository`` lies."""
    (tmp_path / "repositories").mkdir(exist_ok=True)
    with serve(tmp_path / "repositories", tmp_path / "keys") as server:
        yield server


@pytest.fixture
async def following() -> AsyncIterator[Following]:
    """Makes and starts sources that look only when told to; they are stopped after the test."""
    started: list[ConfigSource] = []

    async def start(url: str | Path, **options: Any) -> ConfigSource:
        source = ConfigSource(str(url), **({"refresh_seconds": 3600} | options))
        started.append(source)
        await source.start()
        return source

    yield start
    for source in started:
        await source.stop()

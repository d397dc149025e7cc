"""An installation on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tests.installation import Installation, running
from tests.jobs import Jobs


@pytest.fixture
async def installation(database_urls: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    """A running installation, once on each kind of database."""
    async with running(tmp_path, database_urls) as started:
        yield started


@pytest.fixture
def jobs(installation: Installation) -> Jobs:
    """The rows of jobs in the databases of the installation."""
    return Jobs(installation.runtime.jobs.server)

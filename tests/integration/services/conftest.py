"""An installation on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import respx

from diracx_bridge.services.auth import revoked_access
from tests.installation import Installation, running
from tests.integration.services.fake_provider import FakeProvider
from tests.jobs import Jobs
from tests.load import official


@pytest.fixture(autouse=True)
def no_look_at_revocations_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests count statements, so none comes from beside the requests."""
    monkeypatch.setattr(revoked_access, "EVERY_SECONDS", 600.0)


@pytest.fixture
async def installation(database_urls: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    """A running installation, once on each kind of database."""
    async with running(tmp_path, database_urls) as started:
        yield started


@pytest.fixture
def jobs(installation: Installation) -> Jobs:
    """The rows of jobs in the databases of the installation."""
    return Jobs(installation.runtime.jobs.server)


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """The identity provider of gridlab."""
    with respx.mock(assert_all_called=False) as mock:
        yield FakeProvider(mock)


@pytest.fixture(scope="session")
def official_server() -> Path:
    """The interpreter of an environment with the official server."""
    return official.install()

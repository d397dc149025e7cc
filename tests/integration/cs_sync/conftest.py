"""Repositories to publish to: in the file system, behind HTTPS, behind SSH."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from diracx_bridge.cs_sync.git.change import Change
from diracx_bridge.cs_sync.git.place import Login, Place
from tests.integration.config.git_https import GitServer
from tests.integration.config.git_https import serve as serve_https

from .git_ssh import SshServer
from .git_ssh import serve as serve_ssh
from .repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A bare repository without commits, which accepts pushes."""
    return Repository(tmp_path / "served" / "cs.git")


@pytest.fixture(scope="session")
def https_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("https")


@pytest.fixture(scope="session")
def https_server(https_files: Path) -> Iterator[GitServer]:
    """Serves whatever directory its ``root`` is set to."""
    with serve_https(https_files, https_files / "keys") as server:
        yield server


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with serve_ssh(tmp_path_factory.mktemp("ssh") / "sshd") as server:
        yield server


@pytest.fixture
def https_place(https_server: GitServer, repository: Repository) -> Iterator[Place]:
    """The repository behind HTTPS; a token is needed."""
    https_server.root, https_server.password, https_server.down = repository.path.parent, "t0p-secret", False
    url = https_server.url(repository.path.name).removeprefix("git+")
    yield Place(url, login=Login(token="t0p-secret", ca=https_server.ca))
    https_server.password, https_server.down = None, False


@pytest.fixture
def ssh_place(ssh_server: SshServer, repository: Repository) -> Place:
    """The repository behind SSH; a key is needed, and the host is known."""
    login = Login(key=ssh_server.key, known_hosts=ssh_server.known_hosts)
    return Place(ssh_server.url(repository.path), login=login)


@pytest.fixture(params=["file", "https", "ssh"])
def place(request: pytest.FixtureRequest, repository: Repository) -> Place:
    """The repository, by each of the three ways."""
    if request.param == "file":
        return Place(repository.path)
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


@dataclass(frozen=True)
class Changes:
    """Makes changes that differ in one value."""

    tool: str = "diracx-bridge test"

    def __call__(self, value: object, **more: object) -> Change:
        change = Change({"value": str(value)}, f"Set {value}", {"Converted-by": self.tool})
        return replace(change, **more)  # type: ignore[arg-type]


@pytest.fixture
def change() -> Callable[..., Change]:
    return Changes()

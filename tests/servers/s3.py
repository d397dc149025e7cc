"""A private S3 server that enforces the policy of a presigned POST: VersityGW, built by Go (2 minutes, once)."""

from __future__ import annotations

import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .process import Process, call, free_port, spawn, wait
from .run import Run
from .system_packages import commands, find, require

VERSION = "v1.8.0"
MODULE = f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"


@dataclass(frozen=True)
class S3:
    """Where it listens, and the keys of the account that owns everything. Buckets are the caller's to make."""

    port: int
    access_key: str
    secret_key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client_kwargs(self) -> dict[str, str]:
        """The value of `DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS`."""
        return {
            "endpoint_url": self.url,
            "aws_access_key_id": self.access_key,
            "aws_secret_access_key": self.secret_key,
        }


@dataclass(frozen=True)
class OwnS3:
    """The S3 server of one test, which may take it down and up again; the objects stay."""

    s3: S3
    run: Run
    folder: Path
    _children: list[Process]

    def start(self) -> None:
        self._children.append(_spawn(self.run, self.s3, self.folder))

    def stop(self) -> None:
        while self._children:
            self._children.pop().stop()


def install() -> Path:
    """The program."""
    require(commands("go"), "golang")

    def make(target: Path) -> None:
        call(find("go") or "go", "install", MODULE, log=target / "go.log", env={**os.environ, "GOBIN": str(target)})

    return cache.installed(f"versitygw-{VERSION}", make) / "versitygw"


def server(run: Run) -> S3:
    """The S3 server of this run, started when it is first asked for."""
    return S3(**run.once("s3", lambda: _shared(run)))


@contextmanager
def own(run: Run, folder: Path) -> Iterator[OwnS3]:
    """An S3 server for one test; it has ended after the block."""
    made = OwnS3(_account(), run, folder, [])
    made.start()
    try:
        yield made
    finally:
        made.stop()


def _account() -> S3:
    return S3(free_port(), secrets.token_hex(10), secrets.token_hex(20))


def _shared(run: Run) -> dict[str, str | int]:
    made = _account()
    _spawn(run, made, run.folder / "s3")
    return {"port": made.port, "access_key": made.access_key, "secret_key": made.secret_key}


def _spawn(run: Run, made: S3, folder: Path) -> Process:
    objects, metadata, log = folder / "objects", folder / "metadata", folder / "server.log"
    for each in (objects, metadata):
        each.mkdir(parents=True, exist_ok=True)
    keys = {"ROOT_ACCESS_KEY": made.access_key, "ROOT_SECRET_KEY": made.secret_key}
    # metadata beside the objects: not every file system of a test machine has extended attributes
    command: list[str | Path] = [install(), "--port", f"127.0.0.1:{made.port}", "--health", "/health", "--quiet"]
    child = spawn([*command, "posix", "--sidecar", metadata, objects], log, {"PATH": os.environ["PATH"], **keys})
    run.register(child)
    wait("VersityGW", lambda: _answers(made), child, log, 30)
    return child


def _answers(made: S3) -> bool:
    try:
        urllib.request.urlopen(f"{made.url}/health", timeout=2).close()
    except urllib.error.HTTPError as error:
        with error:
            return True
    except OSError:
        return False
    return True

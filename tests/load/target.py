"""A server under test: started, signed in to, and watched."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.installation import LEGACY_AUTHORIZATION
from tests.load import client, processes
from tests.load.database import Database
from tests.load.seed import GROUP, OWNER, VO
from tests.servers.process import Process, ServerError, spawn, tail, wait
from tests.servers.run import Run

READY = "/.well-known/dirac-metadata"
START_SECONDS = 90
TOKEN_MINUTES = "1440"


@dataclass(frozen=True)
class Target:
    """A server that runs; ``name`` says whose it is and on which database."""

    name: str
    port: int
    process: Process
    database: Database
    tokens: Mapping[str, Any]
    jobs: int
    most_jobs: int
    """How many jobs it accepts in one submission."""

    @property
    def is_official(self) -> bool:
        """Whether it is the official server."""
        return self.name.startswith("official")

    @classmethod
    def start(
        cls, run: Run, name: str, port: int, command: Sequence[str | Path], env: Mapping[str, str],
        database: Database, jobs: int, most_jobs: int = 1000,
    ) -> Target:  # fmt: skip
        """Start ``command`` with these DIRACX_... variables and sign in; `ServerError` with its log if that fails."""
        log = run.folder / f"{name}.log"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DIRACX_")}
        child = spawn(command, log, {**kept, **env})
        run.register(child)
        url = f"http://{client.HOST}:{port}"
        wait(name, lambda: _answers(url + READY), child, log, START_SECONDS)
        answer = httpx.get(url + exchange_path(), headers={"Authorization": LEGACY_AUTHORIZATION}, timeout=30)
        if not answer.is_success:
            raise ServerError(f"{name} gave no token: {answer.text}\n{tail(log)}")
        return cls(name, port, child, database, answer.json(), jobs, most_jobs)

    def request(self, method: str, path: str, body: object = None, *, signed: bool = True, **headers: str) -> bytes:
        """The bytes of a request; ``body`` becomes JSON unless it is bytes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if signed:
            named["Authorization"] = f"Bearer {self.tokens['access_token']}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return client.request(method, path, raw, named)

    def get(self, path: str) -> httpx.Response:
        """One plain request by the user."""
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}", "Accept-Encoding": "identity"}
        return httpx.get(f"http://{client.HOST}:{self.port}{path}", headers=headers, timeout=60)

    def cpu_seconds(self) -> float:
        """CPU time that the server used so far."""
        return processes.cpu_seconds(self.process.pid)


def exchange_path() -> str:
    """Where DIRAC asks for tokens of the user."""
    query = httpx.QueryParams({"preferred_username": OWNER, "scope": f"vo:{VO} group:{GROUP}"})
    return f"/api/auth/legacy-exchange?{query}"


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False

"""The HTTP limit: an ASGI application that parses a JSON body and answers with a given number of bytes.

It runs in uvicorn, as the servers under test do. The official server also gets it as the S3 and the OpenSearch
that it wants to see at its start, and both servers as the S3 in which no archive is yet.
"""

from __future__ import annotations

import statistics
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson

from tests.load.client import HOST, Plan, Requests, run
from tests.servers.process import free_port, listening, spawn, wait
from tests.servers.run import Run

SECONDS = 1.0
Message = dict[str, Any]
_answer = b"{}"


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """PUT /size/<n> sets the size of all answers from then on."""
    global _answer
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if scope["method"] == "PUT" and scope["path"].startswith("/size/"):
        _answer = b"x" * int(scope["path"].rsplit("/", 1)[1])
    elif body.startswith((b"{", b"[")):
        orjson.loads(body)
    if scope["method"] == "HEAD" and "sha256:" in scope["path"]:
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})
        return
    length = str(len(_answer)).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else _answer})


class BareServer:
    """The bare server of this run."""

    def __init__(self, run: Run) -> None:
        self.port = free_port()
        log = run.folder / "bare.log"
        command: list[str | Path] = [sys.executable, "-m", "uvicorn", "tests.load.bare:app", "--host", HOST]
        child = spawn([*command, "--port", str(self.port), "--no-access-log"], log)
        run.register(child)
        wait("The bare server", lambda: listening(self.port), child, log, 30)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def s3(self) -> dict[str, str]:
        """The value of `DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS`."""
        return {"endpoint_url": self.url, "aws_access_key_id": "bench", "aws_secret_access_key": "bench"}

    def latency(self, requests: Requests, most: int, size: int) -> float:
        """Median seconds of these requests, one at a time, answered with ``size`` bytes."""
        put = urllib.request.Request(f"{self.url}/size/{size}", method="PUT")
        urllib.request.urlopen(put, timeout=10).close()
        return statistics.median(run(self.port, Plan(requests, min(most, 400), SECONDS)).latencies)

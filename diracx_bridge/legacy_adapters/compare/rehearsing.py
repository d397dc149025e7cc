"""A transport by which an adapter's requests are rehearsed instead of done."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from diracx_bridge.core.errors import BridgeError

ROUTE: Final = "/api/bridge/rehearsals"
STATE: Final = f"{ROUTE}/state"
HIDDEN: Final = f"{ROUTE}/hidden"
KEPT_HEADERS: Final = ("authorization", "user-agent")


class NotRehearsed(BridgeError):
    """The server has no rehearsals (upstream's), or can't do this one."""


@dataclass(slots=True)
class Rehearsed:
    """What the rehearsals of one call told, in the form of ``POST /api/bridge/rehearsals``."""

    results: list[dict[str, Any]] = field(default_factory=list)


_current: ContextVar[Rehearsed | None] = ContextVar("rehearsed", default=None)


@contextmanager
def rehearsing() -> Generator[Rehearsed]:
    """What the requests of the block tell, as they are rehearsed."""
    collected = Rehearsed()
    token = _current.set(collected)
    try:
        yield collected
    finally:
        _current.reset(token)


class RehearsingTransport(httpx.BaseTransport):
    """Sends requests that change something to the rehearsal, the others where they belong.

    The answer that a request would have got is its answer; what it would have changed is collected by `rehearsing`.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        collected = _current.get()
        before, found, after = request.url.path.partition("/api/")
        if request.method != "PATCH" or not found or collected is None:
            return self._inner.handle_request(request)
        content = {
            "method": request.method,
            "path": f"/api/{after}",
            "query": request.url.query.decode(),
            "body": json.loads(request.read()),
        }
        asked = httpx.Request(
            "POST",
            request.url.copy_with(path=before + ROUTE, query=None),
            headers={name: request.headers[name] for name in KEPT_HEADERS if name in request.headers},
            json=content,
            extensions=request.extensions,
        )
        answer = self._inner.handle_request(asked)
        text = answer.read()
        if answer.status_code != 200:
            raise NotRehearsed(f"{asked.url} answers {answer.status_code}")
        result = json.loads(text)
        collected.results.append(result)
        body = None if result["body"] is None else json.dumps(result["body"]).encode()
        return httpx.Response(result["status"], content=body, headers={"Content-Type": "application/json"})

    def close(self) -> None:
        self._inner.close()

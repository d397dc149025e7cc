"""A DiracX server that answers what a test prepares, and remembers the requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from diracx_bridge.client import FixedToken, RetryPolicy, SyncDiracxClient
from tests.unit.client.tokens import jwt

URL = "https://diracx.example.org"
Answer = Callable[[httpx.Request], httpx.Response]


class FakeServer:
    """Answers by method and path; what is not prepared has no route here."""

    def __init__(self, **claims: Any) -> None:
        self.answers: dict[str, Answer | list[httpx.Response]] = {}
        self.calls: list[tuple[str, Any]] = []
        self._token = jwt(**claims)

    def answer(self, call: str, *responses: httpx.Response) -> None:
        """Prepare responses to ``call`` (``PATCH /api/...``), in turn; the last one stays."""
        self.answers[call] = list(responses)

    def statuses(self, success: dict[str, Any] | None = None, failed: dict[str, Any] | None = None) -> None:
        """Prepare the answer of the status route."""
        body = {"success": success or {}, "failed": failed or {}}
        self.answer("PATCH /api/jobs/status", httpx.Response(200, json=body))

    def client(self) -> SyncDiracxClient:
        return SyncDiracxClient(
            URL, tokens=FixedToken(self._token), transport=httpx.MockTransport(self), retries=RetryPolicy(tries=1)
        )

    def __call__(self, request: httpx.Request) -> httpx.Response:
        call = f"{request.method} {request.url.path}"
        query = f"?{request.url.query.decode()}" if request.url.query else ""
        self.calls.append((call + query, _body(request)))
        prepared = self.answers.get(call)
        if prepared is None:
            return httpx.Response(404, json={"detail": "Not Found"})
        if callable(prepared):
            return prepared(request)
        response = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        return httpx.Response(response.status_code, content=response.content)


def _body(request: httpx.Request) -> Any:
    if request.headers.get("content-type") == "application/json":
        return json.loads(request.content)
    return request.content.decode() or None


def refusal(status: int, detail: Any = "no") -> httpx.Response:
    return httpx.Response(status, json={"detail": detail})

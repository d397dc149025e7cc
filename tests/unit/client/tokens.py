"""Made-up tokens and answers of a token endpoint."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import httpx

URL = "https://diracx.example.org"


def jwt(lifetime: float = 3600, **claims: Any) -> str:
    """An unsigned token that ends in ``lifetime`` seconds."""
    parts = ({"alg": "none"}, {"exp": int(time.time() + lifetime), **claims})
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"


class TokenServer:
    """Answers discovery, token requests and everything else, and remembers what it was asked."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response] | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self.issued = 0
        self.expires_in = 1200
        self.token_answers: list[httpx.Response] = []
        self._answer = answer or (lambda request: httpx.Response(200, json=[]))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json={"token_endpoint": f"{URL}/api/auth/token"})
        if request.url.path in ("/api/auth/token", "/api/auth/legacy-exchange"):
            return self.token_answers.pop(0) if self.token_answers else self._token()
        return self._answer(request)

    def asked(self, path: str) -> list[httpx.Request]:
        """The requests for ``path`` so far."""
        return [request for request in self.requests if request.url.path == path]

    def _token(self) -> httpx.Response:
        self.issued += 1
        body = {
            "access_token": jwt(self.expires_in, number=self.issued),
            "refresh_token": jwt(3600, number=self.issued),
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        }
        return httpx.Response(200, json=body)

"""An identity provider without a socket: it answers the services through respx, and logs in whom a test says."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import respx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.installation import Installation

URL = "https://idp.example.org/gridlab"
FIRST = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
SECOND = RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})


def query_of(url: str) -> dict[str, str]:
    """The query of a URL, taken from its fragment if it is there; a name given twice fails."""
    parts = urlsplit(url)
    query = parts.fragment.partition("?")[2] if "?" in parts.fragment else parts.query
    found = parse_qs(query, strict_parsing=True, keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values()), found
    return {name: values[0] for name, values in found.items()}


@dataclass
class Login:
    """A user who has typed his password."""

    subject: str
    asked: dict[str, str]
    used: bool = False


class FakeProvider:
    """The provider of the VO gridlab; change ``key``, ``claims`` and ``discovery`` to make it misbehave."""

    def __init__(self, mock: respx.MockRouter) -> None:
        self.key = FIRST
        self.claims: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {
            "issuer": URL,
            "authorization_endpoint": f"{URL}/authorize",
            "token_endpoint": f"{URL}/token",
            "jwks_uri": f"{URL}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        self._logins: dict[str, Login] = {}
        mock.route(host="127.0.0.1").pass_through()
        self.metadata = mock.get(f"{URL}/.well-known/openid-configuration").mock(
            side_effect=lambda request: httpx.Response(200, json=self.discovery)
        )
        self.jwks = mock.get(f"{URL}/jwks").mock(
            side_effect=lambda request: httpx.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        )
        self.token = mock.post(f"{URL}/token").mock(side_effect=self._token)

    def log_in(self, location: str, subject: str = "sub-alice") -> dict[str, str]:
        """What the browser brings back after this user has logged in at ``location``."""
        assert location.startswith(f"{URL}/authorize?")
        asked = query_of(location)
        code = f"code-{len(self._logins)}"
        self._logins[code] = Login(subject, asked)
        return {"code": code, "state": asked["state"], "iss": URL}

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        login = self._logins.get(form["code"])
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            login is None
            or login.used
            or challenge.decode() != login.asked["code_challenge"]
            or form["redirect_uri"] != login.asked["redirect_uri"]
            or form["client_id"] != login.asked["client_id"]
        ):
            return httpx.Response(400, json={"error": "invalid_grant"})
        login.used = True
        return httpx.Response(200, json={"access_token": "opaque", "id_token": self._id_token(login)})

    def _id_token(self, login: Login) -> str:
        now = int(time.time())
        claims = {
            "iss": URL,
            "sub": login.subject,
            "aud": login.asked["client_id"],
            "iat": now,
            "exp": now + 60,
            "nonce": login.asked["nonce"],
            **self.claims,
        }
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


async def browse(installation: Installation, path: str, **query: str) -> httpx.Response:
    """What a browser gets, without following redirects."""
    return await installation.http.get(path, params=query, headers={"Accept": "text/html"})

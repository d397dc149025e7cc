"""Logging a user in at an identity provider, of which we are a public client: code flow with PKCE and nonce."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx

from diracx_bridge.config.registry import IdpConfig
from diracx_bridge.core.errors import BadAnswer, NotAuthenticated
from diracx_bridge.services.auth.idp.id_token import check_id_token, key_id
from diracx_bridge.services.auth.idp.provider import Provider, json_of, send

SCOPE: Final = "openid profile"
_ERROR_CODE: Final = re.compile(r"[a-z_]{1,60}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """The secrets of one login: they travel, sealed, in the state."""

    verifier: str
    nonce: str

    @classmethod
    def new(cls) -> Challenge:
        """Fresh secrets."""
        return cls(secrets.token_urlsafe(48), secrets.token_urlsafe(24))


class IdentityProviders:
    """All providers that the configuration names. One pool of connections, from the first login on; close it."""

    def __init__(self) -> None:
        self._providers: dict[tuple[str, str], Provider] = {}

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=httpx.Timeout(10, connect=5))

    def _provider(self, config: IdpConfig) -> Provider:
        key = (config.url, config.client_id)
        if key not in self._providers:
            self._providers[key] = Provider(self._http, config)
        return self._providers[key]

    async def login_url(self, config: IdpConfig, challenge: Challenge, *, callback: str, state: str) -> str:
        """Where to send the browser; the provider sends it back to ``callback`` with ``state``.

        Raises:
            Unavailable, BadAnswer: the provider can't be asked where that is.
        """
        endpoint = (await self._provider(config).metadata()).authorization_endpoint
        query = urlencode(
            {
                "response_type": "code",
                "client_id": config.client_id,
                "redirect_uri": callback,
                "scope": SCOPE,
                "state": state,
                "nonce": challenge.nonce,
                "code_challenge": s256(challenge.verifier),
                "code_challenge_method": "S256",
            },
            quote_via=quote,
            safe="",
        )
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    async def claims(self, config: IdpConfig, challenge: Challenge, *, callback: str, code: str) -> dict[str, Any]:
        """The checked claims of the user who logged in; ``sub`` is among them.

        Raises:
            NotAuthenticated: the provider refuses the code, or its ID token is not good.
            Unavailable, BadAnswer: the provider does not answer, or not as it should.
        """
        provider = self._provider(config)
        metadata = await provider.metadata()
        form = {
            "grant_type": "authorization_code",
            "client_id": config.client_id,
            "code": code,
            "code_verifier": challenge.verifier,
            "redirect_uri": callback,
        }
        answer = await send(self._http, "POST", metadata.token_endpoint, data=form)
        if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
            raise NotAuthenticated(f"Invalid code: the identity provider refuses it ({_error_of(answer)})")
        token = json_of(answer, config.url).get("id_token")
        if not isinstance(token, str):
            raise BadAnswer(f"The identity provider {config.url} gave no ID token", retry_after=30)
        keys = await provider.keys(key_id(token))
        return check_id_token(token, keys, metadata, client_id=config.client_id, nonce=challenge.nonce)

    async def close(self) -> None:
        """Close all connections."""
        if "_http" in vars(self):
            await self._http.aclose()


def s256(verifier: str) -> str:
    """The PKCE challenge of a verifier (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _error_of(answer: httpx.Response) -> str:
    """The provider's OAuth error code, if it is one."""
    try:
        code = answer.json().get("error")
    except (ValueError, AttributeError):
        code = None
    return code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else f"status {answer.status_code}"

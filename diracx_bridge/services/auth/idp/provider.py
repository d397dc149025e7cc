"""What is known of an identity provider: its discovery document and its keys, asked for seldom and kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from diracx_bridge.config.registry import IdpConfig
from diracx_bridge.core.errors import BadAnswer, BridgeError, Unavailable

log = structlog.get_logger(__name__)

KEPT_SECONDS: Final = 3600
"""How long a discovery document and keys are used before they are asked for again; if that fails, they are used on."""
PAUSE_SECONDS: Final = 30
"""For so long nothing is asked for again that could not be renewed, nor keys after a token that named none of them."""
SIGNATURES: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
"""Algorithms that are accepted if the provider announces them: none with a shared secret, and not "none"."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of a discovery document that logins need."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: tuple[str, ...]


class Provider:
    """One identity provider."""

    def __init__(self, http: httpx.AsyncClient, config: IdpConfig) -> None:
        self.config = config
        self._http = http
        self._metadata: Metadata | None = None
        self._keys: tuple[Key, ...] = ()
        self._ask_metadata_at = 0.0
        self._keys_until = 0.0
        self._ask_keys_at = 0.0
        self._asking = asyncio.Lock()

    async def metadata(self) -> Metadata:
        """The discovery document.

        Raises:
            Unavailable, BadAnswer: the provider never gave one.
        """
        if self._metadata is None or time.monotonic() >= self._ask_metadata_at:
            async with self._asking:
                if self._metadata is None or time.monotonic() >= self._ask_metadata_at:
                    await self._renew_metadata()
        assert self._metadata is not None  # noqa: S101 - renewed, or the renewal raised
        return self._metadata

    async def keys(self, kid: str | None) -> tuple[Key, ...]:
        """The keys that may have signed a token that names ``kid``; empty if the provider has none such.

        Raises:
            Unavailable, BadAnswer: the keys could not be had.
        """
        if not self._has(kid):
            async with self._asking:
                if not self._has(kid) and time.monotonic() >= self._ask_keys_at:
                    try:
                        await self._renew_keys()
                    except BridgeError:
                        if not self._matching(kid):
                            raise
                    if not self._has(kid):
                        self._ask_keys_at = time.monotonic() + PAUSE_SECONDS
        return self._matching(kid)

    def _has(self, kid: str | None) -> bool:
        return bool(self._matching(kid)) and time.monotonic() < self._keys_until

    def _matching(self, kid: str | None) -> tuple[Key, ...]:
        return tuple(key for key in self._keys if kid is None or key.kid == kid)

    async def _renew_metadata(self) -> None:
        try:
            self._metadata = _metadata(self.config, await self._get(self.config.server_metadata_url))
            self._ask_metadata_at = time.monotonic() + KEPT_SECONDS
        except BridgeError as error:
            if self._metadata is None:
                raise
            log.warning("identity provider not asked again yet", idp=self.config.url, reason=str(error))
            self._ask_metadata_at = time.monotonic() + PAUSE_SECONDS

    async def _renew_keys(self) -> None:
        if self._metadata is None:
            await self._renew_metadata()
        assert self._metadata is not None  # noqa: S101 - as above
        document = await self._get(self._metadata.jwks_uri)
        self._keys = tuple(_usable(document.get("keys")))
        self._keys_until = time.monotonic() + KEPT_SECONDS

    async def _get(self, url: str) -> Mapping[str, Any]:
        return json_of(await send(self._http, "GET", url), self.config.url)


async def send(http: httpx.AsyncClient, method: str, url: str, **more: Any) -> httpx.Response:
    """The provider's answer, whatever its status.

    Raises:
        Unavailable: there is none.
    """
    try:
        return await http.request(method, url, **more)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        host = httpx.URL(url).host if not isinstance(error, httpx.InvalidURL) else url
        log.warning("identity provider does not answer", url=url, error=type(error).__name__)
        raise Unavailable(
            f"The identity provider {host} does not answer; try again in a minute", retry_after=30
        ) from None


def json_of(answer: httpx.Response, provider: str) -> Mapping[str, Any]:
    """The JSON object in a good answer.

    Raises:
        BadAnswer: another status, or no JSON object.
    """
    try:
        content = answer.json() if answer.status_code == 200 else None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        log.warning("identity provider answers badly", url=str(answer.request.url), status=answer.status_code)
        raise BadAnswer(
            f"The identity provider {provider} answered {answer.request.url.path} with status {answer.status_code}"
            + (" and no JSON object" if answer.status_code == 200 else ""),
            retry_after=30,
        )
    return content


def _metadata(config: IdpConfig, document: Mapping[str, Any]) -> Metadata:
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    values = {name: document.get(name) for name in names}
    wrong = [name for name, value in values.items() if not (isinstance(value, str) and value.startswith("http"))]
    if wrong:
        raise BadAnswer(f"The discovery document of {config.url} lacks {', '.join(wrong)}", retry_after=30)
    if str(values["issuer"]).rstrip("/") != config.url.rstrip("/"):
        raise BadAnswer(
            f"The identity provider {config.url} calls itself {values['issuer']}: set the IdP's URL to that",
            retry_after=600,
        )
    announced = document.get("id_token_signing_alg_values_supported")
    algorithms = tuple(a for a in announced if a in SIGNATURES) if isinstance(announced, list) else ()
    return Metadata(**{name: str(value) for name, value in values.items()}, algorithms=algorithms or ("RS256",))


def _usable(documents: Any) -> list[Key]:
    """The keys that we understand; a provider may have others, for other purposes."""
    keys = []
    for document in documents if isinstance(documents, list) else ():
        try:
            if isinstance(document, dict) and document.get("use", "sig") == "sig":
                keys.append(JWKRegistry.import_key(document))
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    return keys

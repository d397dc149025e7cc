"""Tokens for others: a server of the legacy installation turns its callers' identities into DiracX tokens."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from diracx_bridge.client.answers import error_of
from diracx_bridge.client.connection import DEFAULT_TIMEOUT, trust_also
from diracx_bridge.client.credentials import Credentials
from diracx_bridge.client.tokens import Steps, TokenSource, perform
from diracx_bridge.core.errors import NotAuthenticated, Unavailable

REMEMBERED = 1024
"""Identities whose tokens are kept; the least recently used one gives way."""


class LegacyExchange:
    """Hands out tokens of users, by the exchange that DIRAC and DiracX agreed on (``/api/auth/legacy-exchange``).

    ``api_key`` is the value of ``/DiracX/LegacyExchangeApiKey`` (``diracx:legacy:...``). Threads may share one
    exchange: a token is asked for once, kept, and renewed ahead of its end by one thread while the others go on with
    the old one.
    """

    def __init__(
        self, url: str, api_key: str, *, ca_path: Path | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._api_key = api_key
        self._lock = threading.Lock()
        self._sources: OrderedDict[tuple[object, ...], ExchangedToken] = OrderedDict()
        verify = trust_also(ca_path) if ca_path else not url.startswith("http://")
        self._http = httpx.Client(verify=verify, transport=transport, timeout=DEFAULT_TIMEOUT)

    def source(
        self, username: str, vo: str, group: str, properties: Iterable[str], *, expires_minutes: int | None = None
    ) -> ExchangedToken:
        """The token source of one identity, for a client; the same object for the same identity."""
        scope = " ".join([f"vo:{vo}", f"group:{group}", *(f"property:{name}" for name in sorted(set(properties)))])
        parameters = {"preferred_username": username, "scope": scope}
        if expires_minutes is not None:
            parameters["expires_minutes"] = str(expires_minutes)
        key = tuple(parameters.items())
        with self._lock:
            if key not in self._sources:
                self._sources[key] = ExchangedToken(self._request(parameters))
                if len(self._sources) > REMEMBERED:
                    self._sources.popitem(last=False)
            self._sources.move_to_end(key)
            return self._sources[key]

    def token(
        self, username: str, vo: str, group: str, properties: Iterable[str], *, expires_minutes: int | None = None
    ) -> str:
        """An access token of the user ``username`` in ``group`` of ``vo``, good for some minutes at least.

        Raises:
            ServerRefused: the server does not know the user, the group or a property, or does not allow them.
            NotAuthenticated: the API key is wrong.
            Unavailable: the server does not answer, or the exchange is not enabled there.
        """
        source = self.source(username, vo, group, properties, expires_minutes=expires_minutes)
        try:
            return source.ready() or perform(source.renewal(), self._http.send) or ""
        except httpx.TransportError as error:
            raise Unavailable(f"No answer from {self._url}: {error!r}", unsent=True) from error

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _request(self, parameters: dict[str, str]) -> httpx.Request:
        headers = {"Authorization": f"Bearer {self._api_key}"}
        return httpx.Request("GET", f"{self._url}/api/auth/legacy-exchange", params=parameters, headers=headers)


class ExchangedToken(TokenSource):
    """The token of one identity, asked for again by the same exchange when it nears its end."""

    def __init__(self, request: httpx.Request) -> None:
        super().__init__()
        self._request = request

    def _renew(self) -> Steps:
        answer: httpx.Response = yield self._request
        if answer.status_code == 200:
            return self._keep(Credentials.of_answer(answer.json()))
        if self._current and self._current.remaining > 0 and answer.status_code >= 500:
            return self._current.access_token
        if answer.status_code == 401:
            raise NotAuthenticated(
                "The server does not know the API key: /DiracX/LegacyExchangeApiKey has to belong to its "
                "DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY"
            )
        raise error_of(answer)

"""Adapters for the callers of a DIRAC service: their identity becomes a short-lived token by the legacy exchange."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpx
from DIRAC import gConfig

from diracx_bridge.client import FixedToken, LegacyExchange, Preferences, SyncDiracxClient, TokenSource
from diracx_bridge.client.shared_transport import SharedTransport
from diracx_bridge.core.errors import NotAuthenticated, ServerRefused, SettingsError
from diracx_bridge.core.properties import known_properties
from diracx_bridge.legacy_adapters.compare.comparator import OtherSide
from diracx_bridge.legacy_adapters.compare.rehearsing import RehearsingTransport
from diracx_bridge.legacy_adapters.dirac.session import LEDGER, RETRIES, TIMEOUT, posting, trust_of
from diracx_bridge.legacy_adapters.dispatch.call import Caller
from diracx_bridge.legacy_adapters.registry import adapted_services

KEPT: Final = 1024
"""Adapters, each for one identity, that a process keeps."""
REFUSED: Final = 60.0
"""Seconds for which a refused identity is not asked for again: one user's fault must not load the server."""


class Impersonation:
    """The adapters of one process for one DiracX server; threads share it, and its connections."""

    def __init__(self, url: str, api_key: str) -> None:
        self._url = url
        self._trust = trust_of(url)
        self._transport = SharedTransport(self._trust or not url.startswith("http://"))
        self._exchange = LegacyExchange(url, api_key, transport=self._transport)
        self._ledger = self._client_with(FixedToken(api_key))
        self._lock = threading.Lock()
        self._adapters: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._refused: dict[tuple[object, ...], tuple[float, str]] = {}

    def adapter(self, service: str, caller: Caller, properties: Iterable[str]) -> Any:
        """The adapter of ``service`` for ``caller``, with a token that is good for some minutes at least.

        Raises:
            NotAuthenticated: DiracX gives no token for this caller, hosts among them.
            Unavailable: it does not answer.
        """
        identity = self._identity(caller, properties)
        return self._kept(
            (service, *identity),
            lambda: adapted_services()[service].adapter(self._client_with(self._exchange.source(*identity))),
        )

    def other_side(self, service: str, caller: Caller, properties: Iterable[str]) -> OtherSide:
        """DiracX for ``caller`` to be compared with: what it would change is rehearsed. Raises as `adapter`."""
        identity = self._identity(caller, properties)

        def make() -> OtherSide:
            transport = RehearsingTransport(self._transport)
            client = self._client_with(self._exchange.source(*identity), transport)
            return OtherSide(adapted_services()[service].adapter(client), posting(client))

        made: OtherSide = self._kept((service, *identity, "compare"), make)
        return made

    def _identity(self, caller: Caller, properties: Iterable[str]) -> tuple[str, str, str, tuple[str, ...]]:
        if not caller.vo or not caller.user:
            raise NotAuthenticated(f"{caller.user or 'The caller'} is in no VO (a host?): DiracX has users of VOs only")
        # properties that DiracX does not know would make it refuse all of them
        identity = (caller.user, caller.vo, caller.group, tuple(sorted(known_properties().intersection(properties))))
        self._get_token(*identity)
        return identity

    def _kept(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._adapters:
                self._adapters[key] = make()
                if len(self._adapters) > KEPT:
                    self._adapters.popitem(last=False)
            self._adapters.move_to_end(key)
            return self._adapters[key]

    def record(self, batch: dict[str, Any]) -> None:
        """Send a batch of the ledger; the key of the exchange vouches for it.

        Raises:
            BridgeError: it can't be sent.
        """
        self._ledger.request("POST", LEDGER, json=batch)

    def _get_token(self, user: str, vo: str, group: str, properties: tuple[str, ...]) -> None:
        identity = (user, vo, group, properties)
        until, reason = self._refused.get(identity, (0.0, ""))
        if until > time.monotonic():
            raise NotAuthenticated(reason)
        try:
            self._exchange.token(user, vo, group, properties)
        except ServerRefused as error:
            reason = f"DiracX gives no token to {user} in group {group} of VO {vo}: {error}"
            if len(self._refused) >= KEPT:
                self._refused.clear()
            self._refused[identity] = (time.monotonic() + REFUSED, reason)
            raise NotAuthenticated(reason) from error

    def _client_with(self, tokens: TokenSource, transport: httpx.BaseTransport | None = None) -> SyncDiracxClient:
        return SyncDiracxClient(
            preferences=Preferences(self._url),
            tokens=tokens,
            trust=self._trust,
            timeout=TIMEOUT,
            retries=RETRIES,
            transport=transport or self._transport,
        )


_made: dict[tuple[int, str, str], Impersonation] = {}
_making = threading.Lock()


def impersonation() -> Impersonation:
    """The impersonation of this process, at the server that the CS names.

    Raises:
        SettingsError: the URL or the key of the exchange is not set.
    """
    url, api_key = gConfig.getValue("/DiracX/URL", ""), gConfig.getValue("/DiracX/LegacyExchangeApiKey", "")
    if not url or not api_key:
        missing = "/DiracX/LegacyExchangeApiKey (in the local dirac.cfg of the service)" if url else "/DiracX/URL"
        raise SettingsError(f"{missing} is not set")
    key = (os.getpid(), url, api_key)
    with _making:
        if key not in _made:
            _made.clear()
            _made[key] = Impersonation(url, api_key)
        return _made[key]

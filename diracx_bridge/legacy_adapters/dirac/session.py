"""Adapters for the identity of a proxy: DIRAC's proxy file holds a DiracX token, which all processes share."""

from __future__ import annotations

import hashlib
import os
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import httpx
from DIRAC import gConfig, gLogger
from DIRAC.ConfigurationSystem.Client.Helpers import Registry
from DIRAC.Core.Security.DiracX import diracxTokenFromPEM
from DIRAC.Core.Security.Locations import getCAsLocation, getDefaultProxyLocation
from DIRAC.Core.Security.ProxyInfo import getProxyInfo

from diracx_bridge.client import (
    Credentials,
    CredentialsFile,
    FixedToken,
    Preferences,
    RetryPolicy,
    SyncDiracxClient,
    TokenSource,
)
from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.client.connection import trust_also
from diracx_bridge.client.credentials import write_credentials
from diracx_bridge.core.errors import NotAuthenticated, SettingsError
from diracx_bridge.legacy_adapters.compare.comparator import OtherSide
from diracx_bridge.legacy_adapters.compare.rehearsing import RehearsingTransport
from diracx_bridge.legacy_adapters.dispatch.call import Caller
from diracx_bridge.legacy_adapters.registry import adapted_services

KEPT: Final = 16
"""Adapters, each with its connections, that a process keeps."""

TIMEOUT: Final = 30.0
"""Seconds without progress after which a request has failed; connecting may take a sixth of it."""
RETRIES: Final = RetryPolicy(tries=2)
"""Legacy stands by, or the call is stored and replayed: nobody has to wait for long."""

LEDGER: Final = "/api/bridge/ledger"

_lock = threading.Lock()
_adapters: dict[tuple[object, ...], Any] = {}
_proxies: dict[tuple[object, ...], ProxyContent] = {}


@dataclass(frozen=True, slots=True)
class ProxyContent:
    """Whose proxy a file is, and the DiracX token in it, if there is one."""

    caller: Caller
    token: dict[str, Any] | None


def caller_of(proxy: str | None = None) -> Caller:
    """Whose proxy is in the file ``proxy`` (default: where DIRAC looks for one); nobody's if there is none."""
    try:
        return _content_of(proxy or getDefaultProxyLocation()).caller
    except NotAuthenticated:
        return Caller()


def adapter_for(service: str, proxy: str | None = None) -> Any:
    """The adapter of ``service`` for the token in the proxy file ``proxy`` (default: where DIRAC looks for one).

    Adapters are kept and shared by threads, not by forked processes.

    Raises:
        SettingsError: ``/DiracX/URL`` is not set.
        NotAuthenticated: there is no proxy, or no token in it.
    """
    url = gConfig.getValue("/DiracX/URL", "")
    if not url:
        raise SettingsError("/DiracX/URL is not set: give the base URL of the DiracX server")
    token = _token_in(proxy or getDefaultProxyLocation())
    key = (os.getpid(), service, url, token["refresh_token"])
    with _lock:
        if key not in _adapters:
            if len(_adapters) >= KEPT:
                _adapters.pop(next(iter(_adapters)))
            _adapters[key] = adapted_services()[service].adapter(_client(url, token))
        return _adapters[key]


def other_side_for(service: str, proxy: str | None = None) -> OtherSide:
    """DiracX to be compared with, for the token in the proxy file: what it would change is rehearsed.

    Raises:
        SettingsError, NotAuthenticated: see `adapter_for`.
    """
    url = gConfig.getValue("/DiracX/URL", "")
    if not url:
        raise SettingsError("/DiracX/URL is not set: give the base URL of the DiracX server")
    token = _token_in(proxy or getDefaultProxyLocation())
    key = (os.getpid(), service, url, token["refresh_token"], "compare")
    with _lock:
        if key not in _adapters:
            if len(_adapters) >= KEPT:
                _adapters.pop(next(iter(_adapters)))
            trust = trust_of(url)
            inner = httpx.HTTPTransport(verify=trust or not url.startswith("http://"))
            client = _client(url, token, transport=RehearsingTransport(inner))
            _adapters[key] = OtherSide(adapted_services()[service].adapter(client), posting(client))
        side: OtherSide = _adapters[key]
        return side


def posting(client: SyncDiracxClient) -> Callable[[str, Any], Any]:
    """Sends JSON to a path and gives the JSON of the answer."""
    return lambda path, content: client.request("POST", path, json=content).json()


def record(batch: dict[str, Any]) -> None:
    """Send a batch of the ledger with the token in the proxy.

    Raises:
        BridgeError: it can't be sent.
    """
    url = gConfig.getValue("/DiracX/URL", "")
    if not url:
        raise SettingsError("/DiracX/URL is not set")
    with _client(url, _token_in(getDefaultProxyLocation())) as client:
        client.request("POST", LEDGER, json=batch)


def _token_in(proxy: str | None) -> dict[str, Any]:
    token = _content_of(proxy).token
    if not token:
        raise NotAuthenticated(
            f"There is no DiracX token in the proxy file {proxy}: make the proxy again, and see that its VO is not "
            "in /DiracX/DisabledVOs"
        )
    return token


def _content_of(proxy: str | None) -> ProxyContent:
    if not proxy:
        raise NotAuthenticated("There is no proxy: make one, or use the server door for server components")
    try:
        found = Path(proxy).stat()
    except OSError as error:
        raise NotAuthenticated(f"The proxy file {proxy} can't be read: {error.strerror}") from error
    key = (proxy, found.st_mtime_ns, found.st_size, found.st_ino)
    known = _proxies.get(key)
    if known is None:
        if len(_proxies) >= KEPT:
            _proxies.clear()
        known = _proxies[key] = _read_proxy(proxy)
    return known


def _read_proxy(proxy: str) -> ProxyContent:
    token: dict[str, Any] | None = diracxTokenFromPEM(proxy)
    if token:
        claims = unverified_claims(token["access_token"])
        named = (claims.get(name, "") for name in ("preferred_username", "dirac_group", "vo"))
        return ProxyContent(Caller(*named), token)
    result = getProxyInfo(proxy, disableVOMS=True)
    info = result["Value"] if result["OK"] else {}
    group = info.get("group", "")
    return ProxyContent(Caller(info.get("username", ""), group, Registry.getVOForGroup(group) if group else ""), None)


def _client(url: str, token: dict[str, Any], transport: httpx.BaseTransport | None = None) -> SyncDiracxClient:
    return SyncDiracxClient(
        preferences=Preferences(url),
        tokens=_source(url, token),
        trust=trust_of(url),
        timeout=TIMEOUT,
        retries=RETRIES,
        transport=transport,
    )


def _source(url: str, token: dict[str, Any]) -> TokenSource:
    """The token in the file that DIRAC's own ``DiracXClient`` makes for it: one renewal serves all processes."""
    named = hashlib.sha256(token["refresh_token"].split(".")[1].encode()).hexdigest()
    try:
        path = Path(gettempdir()) / f"dx_{named}"
        found = Credentials(token["access_token"], token["expires_on"], token["refresh_token"])
        write_credentials(path, found, replace=False)
    except OSError as error:
        gLogger.warn("The DiracX token can't be renewed: no place for its file", str(error))
        return FixedToken(token["access_token"])
    return CredentialsFile(path, url)


def trust_of(url: str) -> ssl.SSLContext | None:
    """The grid's authorities beside the system's: installations have their certificates from either."""
    if url.startswith("http://"):
        return None
    places = (getCAsLocation(), os.environ.get("DIRACX_CA_PATH"))
    return trust_also(*(Path(place) for place in places if place and os.path.exists(place)))

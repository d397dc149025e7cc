"""What both faces share: how a connection is set up and a request is made."""

from __future__ import annotations

import os
import ssl
import uuid
from pathlib import Path
from typing import Any

import httpx

from diracx_bridge import __version__
from diracx_bridge.client.answers import REQUEST_ID
from diracx_bridge.client.preferences import Preferences
from diracx_bridge.client.tokens import Bearer, CredentialsFile, TokenSource

DEFAULT_TIMEOUT = 60.0
"""Seconds without progress after which a request has failed; connecting may take a sixth of it."""


def http_options(
    preferences: Preferences, tokens: TokenSource, timeout: float, trust: ssl.SSLContext | None
) -> dict[str, Any]:
    """The arguments of ``httpx.Client`` and ``httpx.AsyncClient`` for one server and one identity."""
    return {
        "base_url": preferences.url,
        "auth": Bearer(tokens),
        "headers": {"User-Agent": f"diracx-bridge/{__version__}", "Accept": "application/json"},
        "timeout": httpx.Timeout(timeout, connect=timeout / 6),
        "limits": httpx.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=30),
        "verify": trust or _trust(preferences),
    }


def usual_tokens(preferences: Preferences, path: Path | None = None) -> TokenSource:
    """The credentials file ``path`` (default: the preferences'); without one the token in ``X509_USER_PROXY``."""
    file = path or preferences.credentials_path
    proxy = os.environ.get("X509_USER_PROXY")
    if path is None and proxy and not file.exists():
        from diracx_bridge.client.proxy import source_of, token_in

        if token := token_in(Path(proxy)):
            return source_of(token, preferences.url)
    return CredentialsFile(file, preferences.url)


def trust_also(*ca_paths: Path) -> ssl.SSLContext:
    """Trust in the system's authorities and in those at ``ca_paths``: bundles, or folders of hashed names.

    Certificates are checked as by Python 3.12 on every version: 3.13 also wants extensions that authorities of
    institutes and grids leave out, such as the Authority Key Identifier.
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    for path in ca_paths:
        if path.is_dir():
            context.load_verify_locations(capath=str(path))
        else:
            context.load_verify_locations(cafile=str(path))
    return context


def _trust(preferences: Preferences) -> ssl.SSLContext | bool:
    if preferences.url.startswith("http://"):
        return False  # nothing to verify, and loading the authorities takes longer than a request
    return trust_also(preferences.ca_path) if preferences.ca_path else True


def identified(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a request with an id that stays the same on each try."""
    headers = {REQUEST_ID: str(uuid.uuid4()), **(arguments.get("headers") or {})}
    return {**arguments, "headers": headers}

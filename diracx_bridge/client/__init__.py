"""A light typed client of the DiracX HTTP API, sync and async; each name is imported when it is first used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diracx_bridge.client.aio import AsyncDiracxClient
    from diracx_bridge.client.api import AsyncJobs, AsyncSandboxes, Jobs, Sandboxes
    from diracx_bridge.client.credentials import Credentials, write_credentials
    from diracx_bridge.client.legacy_exchange import LegacyExchange
    from diracx_bridge.client.preferences import Preferences
    from diracx_bridge.client.retries import RetryPolicy
    from diracx_bridge.client.sync import SyncDiracxClient
    from diracx_bridge.client.tokens import CredentialsFile, FixedToken, TokenSource

__all__ = (
    "AsyncDiracxClient",
    "AsyncJobs",
    "AsyncSandboxes",
    "Credentials",
    "CredentialsFile",
    "FixedToken",
    "Jobs",
    "LegacyExchange",
    "Preferences",
    "RetryPolicy",
    "Sandboxes",
    "SyncDiracxClient",
    "TokenSource",
    "write_credentials",
)

# The command line of httpx, of no use here, would take half of the import time and memory of the client.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

_MODULES = {
    "AsyncDiracxClient": "aio",
    "AsyncJobs": "api",
    "AsyncSandboxes": "api",
    "Credentials": "credentials",
    "CredentialsFile": "tokens",
    "FixedToken": "tokens",
    "Jobs": "api",
    "LegacyExchange": "legacy_exchange",
    "Preferences": "preferences",
    "RetryPolicy": "retries",
    "Sandboxes": "api",
    "SyncDiracxClient": "sync",
    "TokenSource": "tokens",
    "write_credentials": "credentials",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)

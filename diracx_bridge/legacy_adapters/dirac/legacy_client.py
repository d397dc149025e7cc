"""DIRAC's own client of a service, whatever its switch to DiracX says."""

from __future__ import annotations

from typing import Any

from DIRAC.ConfigurationSystem.Client.PathFinder import getServiceURL
from DIRAC.Core.DISET.RPCClient import RPCClient
from DIRAC.Core.Tornado.Client.TornadoClient import TornadoClient


def legacy_client(service: str, httpsClient: Any = TornadoClient, **options: Any) -> Any:
    """The HTTPS or DISET client of ``service`` (``System/Service``), by the URL that the CS has for it.

    ``httpsClient`` and ``options`` are what DIRAC's ``RPCClientSelector`` gets. Where the URL can't be found the DISET
    client is made, which says so in its answers, as DIRAC's selection does.
    """
    return (httpsClient if served_by_https(service) else RPCClient)(service, **options)


def served_by_https(service: str) -> bool:
    """Whether the URL that the CS has for ``service`` is one of HTTPS; without a URL it is not."""
    try:
        return bool(getServiceURL(service).startswith("http"))
    except Exception:  # DIRAC raises several kinds, RuntimeError among them
        return False

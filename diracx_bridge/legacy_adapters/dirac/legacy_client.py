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
    try:
        by_https = getServiceURL(service).startswith("http")
    except Exception:  # DIRAC raises several kinds, RuntimeError among them
        by_https = False
    return (httpsClient if by_https else RPCClient)(service, **options)

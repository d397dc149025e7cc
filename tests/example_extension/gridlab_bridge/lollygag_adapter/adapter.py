"""Gridlab/Lollygag on the routes of the extension."""

from __future__ import annotations

from diracx_bridge.client import SyncDiracxClient


class Adapter:
    """The methods of the legacy service; see its contract."""

    def __init__(self, client: SyncDiracxClient) -> None:
        self._client = client

    def greet(self, times: int = 1) -> str:
        """What the service says."""
        answer = self._client.request("GET", "/api/lollygag/greeting", params={"times": times})
        return str(answer.json()["greeting"])

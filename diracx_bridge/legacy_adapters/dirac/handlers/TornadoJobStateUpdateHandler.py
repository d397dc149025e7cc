"""The HTTPS service WorkloadManagement/JobStateUpdate with the server door."""

from __future__ import annotations

from DIRAC.Core.Tornado.Server.TornadoService import TornadoService

from diracx_bridge.legacy_adapters.dirac.handlers.JobStateUpdateHandler import RoutedJobStateUpdate


class TornadoJobStateUpdateHandler(RoutedJobStateUpdate, TornadoService):  # type: ignore[misc]
    """For ``HandlerPath`` of an HTTPS service."""

    def initializeRequest(self) -> None:
        RoutedJobStateUpdate.initializeRequest(self)

"""The HTTPS service WorkloadManagement/JobMonitoring with the server door."""

from __future__ import annotations

from DIRAC.Core.Tornado.Server.TornadoService import TornadoService

from diracx_bridge.legacy_adapters.dirac.handlers.JobMonitoringHandler import RoutedJobMonitoring


class TornadoJobMonitoringHandler(RoutedJobMonitoring, TornadoService):  # type: ignore[misc]
    """For ``HandlerPath`` of an HTTPS service."""

    def initializeRequest(self) -> None:
        RoutedJobMonitoring.initializeRequest(self)

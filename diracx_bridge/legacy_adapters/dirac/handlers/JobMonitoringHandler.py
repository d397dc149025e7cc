"""The DISET service WorkloadManagement/JobMonitoring with the server door."""

from __future__ import annotations

from DIRAC.Core.DISET.RequestHandler import RequestHandler
from DIRAC.WorkloadManagementSystem.Service.JobMonitoringHandler import JobMonitoringHandlerMixin

from diracx_bridge.legacy_adapters.dirac.server_door import routed


@routed("WorkloadManagement/JobMonitoring")
class RoutedJobMonitoring(JobMonitoringHandlerMixin):  # type: ignore[misc]  # DIRAC has no types
    """What both transports share."""


class JobMonitoringHandler(RoutedJobMonitoring, RequestHandler):  # type: ignore[misc]
    """For ``HandlerPath`` of a DISET service."""

    def initialize(self) -> None:
        self.initializeRequest()

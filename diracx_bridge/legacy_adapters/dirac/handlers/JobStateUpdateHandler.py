"""The DISET service WorkloadManagement/JobStateUpdate with the server door."""

from __future__ import annotations

from DIRAC.Core.DISET.RequestHandler import RequestHandler
from DIRAC.WorkloadManagementSystem.Service.JobStateUpdateHandler import JobStateUpdateHandlerMixin

from diracx_bridge.legacy_adapters.dirac.server_door import routed


@routed("WorkloadManagement/JobStateUpdate")
class RoutedJobStateUpdate(JobStateUpdateHandlerMixin):  # type: ignore[misc]  # DIRAC has no types
    """What both transports share."""


class JobStateUpdateHandler(RoutedJobStateUpdate, RequestHandler):  # type: ignore[misc]
    """For ``HandlerPath`` of a DISET service."""

    def initialize(self) -> None:
        self.initializeRequest()

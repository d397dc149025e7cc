"""The legacy service WorkloadManagement/JobStateUpdate."""

from diracx_bridge.legacy_adapters.job_state_update.adapter import JobStateUpdate
from diracx_bridge.legacy_adapters.job_state_update.contract import CONTRACT

Adapter = JobStateUpdate

__all__ = ["CONTRACT", "Adapter", "JobStateUpdate"]

"""The legacy service WorkloadManagement/JobMonitoring."""

from diracx_bridge.legacy_adapters.job_monitoring.adapter import JobMonitoring
from diracx_bridge.legacy_adapters.job_monitoring.contract import CONTRACT

Adapter = JobMonitoring

__all__ = ["CONTRACT", "Adapter", "JobMonitoring"]

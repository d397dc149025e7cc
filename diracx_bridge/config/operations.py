"""`Operations`: how a VO works. One section per VO, with `Operations/Defaults` merged under each."""

from __future__ import annotations

__all__ = [
    "InputDataPolicyConfig",
    "InputDataPolicyProtocolsConfig",
    "JobDescriptionConfig",
    "JobMonitoringConfig",
    "JobSchedulingConfig",
    "OperationsConfig",
    "ServicesConfig",
    "merge",
    "merge_defaults",
]

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ConfigDict, Field

from diracx_bridge.config.section import Section

FreeSection = Mapping[str, Any] | None
"""A section that is passed through as it is; its readers type it."""


class InputDataPolicyProtocolsConfig(Section):
    """Protocols by which input data is reached."""

    remote: list[str] = Field([], alias="Remote")
    """Those that work from anywhere."""
    local: list[str] = Field([], alias="Local")
    """Those that work at the site of the data."""


class InputDataPolicyConfig(Section):
    """How jobs get at their input data; goes into their JDL. Further keys are ignored."""

    model_config = ConfigDict(extra="ignore")

    # "Default = " belongs to the value: DiracX writes it so into JDLs, and both servers have to write the same.
    default: str = Field(
        "Default = DIRAC.WorkloadManagementSystem.Client.InputDataByProtocol",
        alias="Default",
    )
    """Module that is used when nothing more specific applies."""
    download: str = Field("DIRAC.WorkloadManagementSystem.Client.DownloadInputData", alias="Download")
    """Module that downloads files before the job starts."""
    protocol: str = Field("DIRAC.WorkloadManagementSystem.Client.InputDataByProtocol", alias="Protocol")
    """Module that opens files in place."""
    all_replicas: bool = Field(True, alias="AllReplicas")
    """Whether all replicas are considered."""
    protocols: InputDataPolicyProtocolsConfig = Field(InputDataPolicyProtocolsConfig(), alias="Protocols")
    """Protocols to use."""
    input_data_module: str = Field("DIRAC.Core.Utilities.InputDataResolution", alias="InputDataModule")
    """Module that resolves input data."""


class JobDescriptionConfig(Section):
    """Defaults and limits for submitted jobs."""

    default_cpu_time: int = Field(86400, alias="DefaultCPUTime")
    """CPU time in seconds of a job that asks for none."""
    default_priority: int = Field(1, alias="DefaultPriority")
    """Priority of a job that asks for none."""
    min_cpu_time: int = Field(100, alias="MinCPUTime")
    """Least CPU time in seconds."""
    min_priority: int = Field(0, alias="MinPriority")
    """Least priority."""
    max_cpu_time: int = Field(500000, alias="MaxCPUTime")
    """Most CPU time in seconds."""
    max_priority: int = Field(10, alias="MaxPriority")
    """Highest priority."""
    max_input_data: int = Field(100, alias="MaxInputData")
    """Most input files of one job."""
    allowed_job_types: list[str] = Field(["User", "Test", "Hospital"], alias="AllowedJobTypes")
    """Job types that users may submit."""


class JobMonitoringConfig(Section):
    """Options of job monitoring."""

    global_jobs_info: bool = Field(True, alias="GlobalJobsInfo")
    """Whether users may see the jobs of others."""


class JobSchedulingConfig(Section):
    """Options of job scheduling."""

    enable_shares_correction: bool = Field(False, alias="EnableSharesCorrection")
    """Whether shares are corrected by past usage."""
    max_rescheduling: int = Field(3, alias="MaxRescheduling")
    """How often a job may be rescheduled."""


class ServicesConfig(Section):
    """Options of single services."""

    catalogs: FreeSection = Field(None, alias="Catalogs")
    """File catalogues."""
    job_monitoring: JobMonitoringConfig = Field(JobMonitoringConfig(), alias="JobMonitoring")
    """Job monitoring."""
    job_scheduling: JobSchedulingConfig = Field(JobSchedulingConfig(), alias="JobScheduling")
    """Job scheduling."""


class OperationsConfig(Section):
    """How one VO works."""

    enable_security_logging: bool = Field(False, alias="EnableSecurityLogging")
    """Whether DIRAC's security logging service is used."""
    input_data_policy: InputDataPolicyConfig = Field(InputDataPolicyConfig(), alias="InputDataPolicy")
    """How jobs get at their input data."""
    job_description: JobDescriptionConfig = Field(JobDescriptionConfig(), alias="JobDescription")
    """Defaults and limits for submitted jobs."""
    services: ServicesConfig = Field(ServicesConfig(), alias="Services")
    """Options of single services."""
    software_dist_module: str = Field("LocalSoftwareDist", alias="SoftwareDistModule")
    """Module that installs experiment software; goes into JDLs."""

    # Free sections: no service reads them by type.
    cloud: FreeSection = Field(None, alias="Cloud")
    data_consistency: FreeSection = Field(None, alias="DataConsistency")
    data_management: FreeSection = Field(None, alias="DataManagement")
    email: FreeSection = Field(None, alias="EMail")
    gaudi_execution: FreeSection = Field(None, alias="GaudiExecution")
    hospital: FreeSection = Field(None, alias="Hospital")
    job_scheduling: FreeSection = Field(None, alias="JobScheduling")
    job_type_mapping: FreeSection = Field(None, alias="JobTypeMapping")
    log_files: FreeSection = Field(None, alias="LogFiles")
    log_storage: FreeSection = Field(None, alias="LogStorage")
    logging: FreeSection = Field(None, alias="Logging")
    matching: FreeSection = Field(None, alias="Matching")
    monitoring_backends: FreeSection = Field(None, alias="MonitoringBackends")
    nagios_connector: FreeSection = Field(None, alias="NagiosConnector")
    pilot: FreeSection = Field(None, alias="Pilot")
    productions: FreeSection = Field(None, alias="Productions")
    shares: FreeSection = Field(None, alias="Shares")
    shifter: FreeSection = Field(None, alias="Shifter")
    site_se_mapping_by_protocol: FreeSection = Field(None, alias="SiteSEMappingByProtocol")
    transformation_plugins: FreeSection = Field(None, alias="TransformationPlugins")
    transformations: FreeSection = Field(None, alias="Transformations")
    resource_status: FreeSection = Field(None, alias="ResourceStatus")


def merge(base: Any, override: Any) -> Any:
    """``override`` laid over ``base``.

    Mappings are merged key by key at every depth; of any other pair the override is taken (a list replaces a list),
    unless it is null: null means "as in the defaults". Neither argument is changed; unmerged parts are shared.
    """
    if isinstance(base, dict) and isinstance(override, dict):
        return base | {key: merge(base.get(key), value) for key, value in override.items()}
    return base if override is None else override


def merge_defaults(operations: Mapping[str, Any], vos: Iterable[str]) -> dict[str, Any]:
    """`Operations` as the services see it: an entry for each of ``vos``, and no `Defaults` any more.

    Entries that belong to no VO are kept as they are.
    """
    defaults = operations.get("Defaults", {})
    sections = {name: section for name, section in operations.items() if name != "Defaults"}
    return sections | {vo: merge(defaults, sections.get(vo, {})) for vo in vos}

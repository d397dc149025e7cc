"""What a VO allows in a job description, and its defaults: from the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from diracx_bridge.config.operations import OperationsConfig
from diracx_bridge.config.schema import Config


@dataclass(frozen=True, slots=True, eq=False)
class JobRules:
    """Limits and defaults for the jobs of one VO; times in seconds. Made once per revision of the configuration."""

    vo: str
    default_cpu_time: int
    default_priority: int
    cpu_time: tuple[int, int]
    priority: tuple[int, int]
    job_types: tuple[str, ...]
    max_input_data: int
    max_jobs: int
    max_parametric_jobs: int
    max_rescheduling: int
    input_data_module: str
    software_dist_module: str
    platforms: Mapping[str, Set[str]]

    @classmethod
    def of(cls, config: Config, vo: str, max_jobs: int) -> JobRules:
        """The rules of ``vo``; ``max_jobs`` is the limit of the installation for one request."""
        operations = config.operations.get(vo) or OperationsConfig()
        job, transformations = operations.job_description, operations.transformations or {}
        parametric = _max_parametric_jobs(config)
        return cls(
            vo=vo,
            default_cpu_time=job.default_cpu_time,
            default_priority=job.default_priority,
            cpu_time=(job.min_cpu_time, job.max_cpu_time),
            priority=(job.min_priority, job.max_priority),
            job_types=(*job.allowed_job_types, *_names(transformations.get("DataProcessing"))),
            max_input_data=job.max_input_data,
            max_jobs=max_jobs,
            max_parametric_jobs=max_jobs if parametric is None else min(parametric, max_jobs),
            max_rescheduling=operations.services.job_scheduling.max_rescheduling,
            input_data_module=operations.input_data_policy.input_data_module,
            software_dist_module=operations.software_dist_module,
            platforms=config.resources.computing.os_compatibility,
        )


def _max_parametric_jobs(config: Config) -> int | None:
    """``/Systems/WorkloadManagement/Services/JobManager/MaxParametricJobs``, if it is there and a number."""
    section: Any = config.systems
    for name in ("WorkloadManagement", "Services", "JobManager", "MaxParametricJobs"):
        section = section.get(name) if isinstance(section, dict) else None
    return int(section) if isinstance(section, int | str) and str(section).strip().isdecimal() else None


def _names(value: Any) -> list[str]:
    """A list as the typed configuration has it, or as DIRAC writes it: ``"MCSimulation, Merge"``."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return [str(name) for name in value] if isinstance(value, list) else []

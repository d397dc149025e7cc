"""The legacy configuration: what its conversion finds, and services that are switched on without an adapter."""

from __future__ import annotations

from collections.abc import Iterator

from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.core.routing.stages import Stage
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.finding_kinds import Severity
from diracx_bridge.legacy_adapters.registry import adapted_services


def of_configuration(result: Result) -> list[Diagnosis]:
    """What is wrong with a legacy configuration, by its conversion."""
    return [*_findings(result), *_without_adapter(result)]


def _findings(result: Result) -> Iterator[Diagnosis]:
    for finding in result.findings:
        if finding.severity is Severity.NOTE:
            continue
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        yield Diagnosis(
            "error" if finding.severity is Severity.ERROR else "warning",
            finding.code,
            _affected(finding.typed_path, finding.path),
            f"{finding.message} ({place})",
            finding.remedy,
        )


def _affected(typed_path: str, path: str) -> str:
    """The VO that a finding is about, or else the part of the configuration."""
    parts = typed_path.strip("/").split("/")
    if len(parts) > 1 and parts[0] in ("Registry", "Operations"):
        return f"VO {parts[1]}"
    if "/CsSync/VOs/" in path:
        return f"VO {path.partition('/CsSync/VOs/')[2].partition('/')[0]}"
    return path or "the installation"


def _without_adapter(result: Result) -> Iterator[Diagnosis]:
    for switch in result.switches:
        if switch.stage != Stage.LEGACY and switch.service not in adapted_services():
            yield Diagnosis(
                "error",
                "no-adapter",
                switch.service,
                f"{switch.option} sends its calls to DiracX, but there is no adapter for it",
                f"remove the option; services with an adapter are {', '.join(sorted(adapted_services()))}",
            )

"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines of a file."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from diracx_bridge import __version__
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.finding_kinds import KINDS, Severity
from diracx_bridge.cs_sync.findings import Finding

__all__ = ["as_sarif"]

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def as_sarif(result: Result) -> dict[str, Any]:
    """One run with all findings; legacy paths are logical locations."""
    used = [KINDS[code] for code in result.findings.by_code()]
    rules = [
        {
            "id": kind.code,
            "shortDescription": {"text": kind.meaning},
            "help": {"text": kind.remedy or kind.meaning},
            "defaultConfiguration": {"level": _LEVELS[kind.severity]},
        }
        for kind in used
    ]
    index = {kind.code: number for number, kind in enumerate(used)}
    driver = {"name": "diracx-bridge", "version": __version__, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(found, index) for found in result.findings]}],
    }


def _result(found: Finding, index: dict[str, int]) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": quote(found.file)}}}
    if found.line:
        location["physicalLocation"]["region"] = {"startLine": found.line, "startColumn": found.column}
    if found.path:
        location["logicalLocations"] = [{"fullyQualifiedName": found.path}]
    remedy = f". {found.remedy}" if found.remedy else ""
    return {
        "ruleId": found.code,
        "ruleIndex": index[found.code],
        "level": _LEVELS[found.severity],
        "message": {"text": f"{found.message}{remedy}"},
        "locations": [location],
        "properties": {"typedPath": found.typed_path, "effect": found.effect.value},
    }

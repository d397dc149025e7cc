"""Shows the outcome of a conversion to people: findings by line, what was lost and why, what each VO got."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.findings import Finding
from diracx_bridge.cs_sync.html_page import as_page
from diracx_bridge.cs_sync.sarif import as_sarif

__all__ = ["as_json", "as_text", "finding_lines", "summary", "write_report"]

SHOWN_PER_CODE = 10
"""A text shows so many findings of one code, unless all are wanted."""


def finding_lines(result: Result, *, everything: bool = False) -> Iterator[tuple[Finding, str]]:
    """Each finding with its line ``file:line:column: severity code: message (remedy)``, in the order of the file."""
    shown: Counter[str] = Counter()
    for finding in result.findings:
        shown[finding.code] += 1
        if everything or shown[finding.code] <= SHOWN_PER_CODE:
            place = f"{finding.file}:{finding.line}:{finding.column}" if finding.line else finding.file
            remedy = f". {finding.remedy}{'' if finding.remedy.endswith('?') else '.'}" if finding.remedy else ""
            yield finding, f"{place}: {finding.severity} {finding.code}: {finding.message}{remedy}"


def summary(result: Result) -> Iterator[str]:
    """The closing lines: hidden findings, options per class, what each VO got, how it ended."""
    for code, count in result.findings.by_code().items():
        if count > SHOWN_PER_CODE:
            yield f"{count - SHOWN_PER_CODE} more of {code}: --all shows them"
    about = result.as_dict()
    options = about["options"]
    if options["total"]:
        yield (
            f"{options['total']} options: {options['converted']} converted, {options['dropped']} dropped for a reason, "
            f"{options['unknown']} unknown"
        )
    for vo, counts in about["vos"].items():
        yield f"VO {vo}: {counts['users']} users, {counts['groups']} groups"
    found = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in about["severities"].items())
    yield f"{result.source.name} is {'refused' if result.refused else 'accepted'}: {found}"


def as_text(result: Result) -> str:
    """The whole report as text, with the reasons of the options that were dropped."""
    lines = [line for _, line in finding_lines(result, everything=True)]
    lines += [
        "",
        *result.gaps.lines(),
        "",
        "Dropped for a reason:",
        *(f"{count:8} {why}" for why, count in result.account.reasons().items()),
        "",
    ]
    lines += [line for line in summary(result) if not line.endswith("--all shows them")]
    return "\n".join(lines) + "\n"


def as_json(result: Result, **more: object) -> str:
    """The whole report as JSON; ``more`` is added at the top level."""
    return json.dumps(result.as_dict() | more, indent=2, ensure_ascii=False)


def write_report(result: Result, path: Path) -> None:
    """Write the report: JSON, SARIF or HTML if the name ends in ``.json``, ``.sarif`` or ``.html``, else text.

    Raises:
        SetupError: the file can't be written.
    """
    makers = {".json": as_json, ".sarif": _sarif, ".html": as_page}
    try:
        path.write_text(makers.get(path.suffix, as_text)(result).rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise SetupError(f"The report {path} can't be written: {error.strerror or error}") from error


def _sarif(result: Result) -> str:
    return json.dumps(as_sarif(result), indent=2, ensure_ascii=False)

"""Does what upstream's converter does, faults included, for those who must get the same bytes.

Measured with `dirac internal legacy cs-sync` of diracx 0.7.0. Where that fails a finding says at which line, for all
values that it refuses, not only the first.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from diracx_bridge.config.schema import KEEP_DEFAULTS, Config
from diracx_bridge.cs_sync.compat.layout import Laid, Stopped, lay_out
from diracx_bridge.cs_sync.compat.reading import read_values
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.reader import read
from diracx_bridge.cs_sync.source import Form, Source
from diracx_bridge.cs_sync.tree import Node, Section

__all__ = ["convert_as_upstream"]

_CODE: Final = "upstream-fails"


def convert_as_upstream(root: Section, source: Source, findings: Findings) -> dict[str, Any] | None:
    """What upstream's converter writes for the legacy tree ``root``; None, with findings, where it fails."""
    if source.form in (Form.LATIN_1, Form.ARCHIVE):
        findings.add(_CODE, f"The file is {source.form.value}, which can't be decoded", at=root)
        return None
    if source.form is Form.BOM:
        root = read(f"\ufeff{source.text}", Findings(source.name))  # the mark is part of the first line there
    try:
        laid = lay_out(root)
        read_values(laid.content, Config)
    except Stopped as stop:
        findings.add(_CODE, str(stop), at=stop.at)
        return None
    except RecursionError:
        findings.add(_CODE, "Sections are nested too deeply", at=root)
        return None
    try:
        config = Config.model_validate(laid.content, context=dict(KEEP_DEFAULTS))
        content = config.model_dump(by_alias=True, exclude_unset=True, mode="json")
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False, include_input=False):
            path = tuple(map(str, problem["loc"]))
            findings.add(_CODE, problem["msg"], at=_place(root, laid, path), typed_path="/".join(path))
        return None
    except (ValueError, RecursionError):
        findings.add(_CODE, "Sections are nested too deeply to be written", at=root)
        return None
    return content


def _place(root: Section, laid: Laid, path: tuple[str, ...]) -> Node:
    """The legacy entry behind a typed path: of users and groups by their origin, of the rest by the same path."""
    found: Node = root
    for length in range(len(path), 0, -1):
        if path[:length] in laid.origins:
            found, path = laid.origins[path[:length]], path[length:]
            break
    for name in path:
        below = found.entries.get(name) if isinstance(found, Section) else None
        if below is None:
            break
        found = below
    return found

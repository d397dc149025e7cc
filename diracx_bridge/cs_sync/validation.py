"""Checks a converted configuration by loading it as DiracX does, and takes out what the schema refuses."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from diracx_bridge.config.schema import KEEP_DEFAULTS, Config
from diracx_bridge.cs_sync.account import TypedPath
from diracx_bridge.cs_sync.converter import Conversion
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.removal import remove
from diracx_bridge.cs_sync.tree import Node

__all__ = ["validate"]

_REQUIRED = frozenset({"IdP", "URL", "ClientID", "DefaultGroup", "Users", "Groups", "Properties", "PreferedUsername"})


def validate(conversion: Conversion, findings: Findings, schema: type[Config] = Config) -> None:
    """Make ``conversion.content`` loadable with ``schema``.

    A refused value gives way to the one published last, with a finding that names its line; if there is none, or that
    is refused too, it is taken out. What is then missing, or refused as a whole, takes its user or group with it, and
    after that its VO. When no VO is left the file is refused.
    """
    held: set[TypedPath] = set()
    previous = conversion.plan.previous
    while problems := _problems(conversion.content, schema):
        removals = [_removable(conversion.content, path) for path, _ in problems]
        if not any(removals):
            for path, message in problems:
                findings.add("schema-unfit", f"{'/'.join(path)}: {message}", path="", typed_path="/".join(path))
            return
        kept = frozenset(path for path in removals if path and path not in held and previous.at(path) is not None)
        for (path, message), removal in zip(problems, removals, strict=True):
            if removal:
                _report(conversion, removal, path, message, findings, held=removal in kept)
        remove(conversion, {removal for removal in removals if removal}, "refused by the schema", kept)
        held |= kept
    if not conversion.content["Registry"] and not findings.refuse():
        findings.add("vos-missing", "No VO is left", path="/DiracX/CsSync/VOs")


def _problems(content: dict[str, Any], schema: type[Config]) -> list[tuple[TypedPath, str]]:
    """What the schema refuses: typed path and what it says. Texts never hold the refused value."""
    problems: list[tuple[TypedPath, str]] = []
    for context in (None, dict(KEEP_DEFAULTS)):  # the second one only to tell a VO's own values from the defaults
        try:
            schema.model_validate(content, context=context)
        except ValidationError as error:
            problems = [
                (tuple(map(str, problem["loc"])), problem["msg"])
                for problem in error.errors(include_url=False, include_context=False, include_input=False)
            ]
        else:
            break
    return problems


def _removable(content: dict[str, Any], path: TypedPath) -> TypedPath:
    """What has to go so that ``path`` is no problem: the value, or the user, group or VO that needs it."""
    found: Any = content
    length = 0
    for name in path:
        if not isinstance(found, dict) or name not in found:
            break
        found = found[name]
        length += 1
    existing = path[:length]
    in_entry = path[0] == "Registry" and len(path) > 3 and path[2] in ("Users", "Groups")
    if in_entry and len(path) == 4:
        return path
    at_fault = existing == path or not isinstance(found, dict)
    if at_fault and existing[-1] not in _REQUIRED and length > (2 if path[0] == "Registry" else 1):
        return existing
    if path[0] == "Registry":
        return path[:4] if in_entry else path[:2]
    return existing if length > 1 else ()


def _report(
    conversion: Conversion, removed: TypedPath, path: TypedPath, message: str, findings: Findings, *, held: bool
) -> None:
    place: Node | None = None
    for length in range(len(path), 0, -1):
        place = conversion.origins.get(path[:length])
        if place is not None:
            break
    said = f"{'/'.join(path)}: {message}; {'/'.join(removed)} {'stays as published' if held else 'is left out'}"
    findings.add("schema-refused", said, at=place, typed_path="/".join(path), held=held)

"""Answers where a typed value comes from, and what became of a legacy entry, both with file, line and committer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from diracx_bridge.cs_sync.account import Outcome, TypedPath, manner
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.findings import Finding
from diracx_bridge.cs_sync.provenance import COMMITTED
from diracx_bridge.cs_sync.rules import RULES, Action, Rule
from diracx_bridge.cs_sync.secrecy import looks_random, looks_secret
from diracx_bridge.cs_sync.tree import Node, Option, Section, file_of, path_of, walk_options

__all__ = ["Explanation", "explain"]

SHOWN: Final = 20
"""So many entries of a section are listed."""


@dataclass(slots=True)
class Explanation:
    """What is known about one path. ``lines`` say it in sentences; ``places`` are the legacy entries that matter."""

    path: str
    found: bool
    lines: list[str] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "path": self.path,
            "found": self.found,
            "lines": self.lines,
            "places": self.places,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def explain(result: Result, path: str) -> Explanation:
    """What became of the legacy ``path`` (it starts with a slash), or where the typed one comes from.

    Values are shown, except what looks like a secret. In typed paths a user may be named instead of the subject.
    """
    return _legacy(result, path) if path.startswith("/") else _typed(result, path.strip("/"))


# from legacy to typed


def _legacy(result: Result, path: str) -> Explanation:
    node, names = _find(result.tree, [name for name in path.split("/") if name])
    said = Explanation(path, not names)
    said.findings = [found for found in result.findings if _concerns(found.path, path)]
    if names:
        near = _nearest(node, names[0])
        said.lines.append(f"There is no {names[0]!r} in {path_of(node)}{f'; is {near} meant?' if near else ''}")
        said.lines += _rules_for(path)
        return said
    said.places.append(_place(node))
    if isinstance(node, Option):
        said.lines += _fate(node, result.account.outcomes.get(node))
    else:
        said.lines += _fates(node, result)
    said.lines += _rules_for(path)
    return said


def _find(root: Section, names: list[str]) -> tuple[Node, list[str]]:
    """The deepest entry on the way, and the names that are not there."""
    node: Node = root
    while names and isinstance(node, Section) and names[0] in node.entries:
        node, names = node.entries[names[0]], names[1:]
    return node, names


def _nearest(node: Node, name: str) -> str:
    known = list(node.entries) if isinstance(node, Section) else []
    same = [other for other in known if other.lower() == name.lower()]
    return (same or get_close_matches(name, known, 1, 0.7) or [""])[0]


def _fate(option: Option, outcome: Outcome | None) -> Iterator[str]:
    if outcome is None:
        yield "The file was refused before it was looked at"
    elif outcome.targets:
        yield f"It is {manner(path_of(option), outcome)}: {', '.join(_joined(target) for target in outcome.targets)}"
    else:
        yield f"It is {outcome.fate}: {outcome.reason}"


def _fates(section: Section, result: Result) -> Iterator[str]:
    options = list(walk_options(section))
    yield f"A section with {len(options)} option(s)"
    for option in options[:SHOWN]:
        for line in _fate(option, result.account.outcomes.get(option)):
            yield f"{path_of(option)}: {line[0].lower()}{line[1:]}"
    if len(options) > SHOWN:
        yield f"and {len(options) - SHOWN} more"


def _rules_for(path: str) -> Iterator[str]:
    rule = _rule_of(path)
    if rule:
        about = f" as {rule.type}" if rule.type else ""
        target = f" to {rule.target}{about}" if rule.target else ""
        yield f"Rule: {rule.pattern} {rule.action}{target}{f' ({rule.reason})' if rule.reason else ''}"


def _rule_of(path: str) -> Rule | None:
    from diracx_bridge.cs_sync.matching import Matcher

    *names, last = path.strip("/").split("/")
    place = Matcher(RULES).root
    for name in names:
        place = place.below(name)
    matched = place.match(last)
    return matched[0] if matched else None


# from typed to legacy


def _typed(result: Result, path: str) -> Explanation:
    wanted = _with_subject(result, _split(result, path))
    content: Any = result.content if result.content is not None else {}
    for name in wanted:
        content = content.get(name, _ABSENT) if isinstance(content, dict) else _ABSENT
    said = Explanation(_joined(wanted), content is not _ABSENT)
    said.findings = [found for found in result.findings if found.typed_path == said.path]
    origin = result.origins.get(wanted)
    if result.content is None:
        said.lines.append("The file is refused, so there is no typed configuration")
    if origin is not None:
        said.places.append(_place(origin))
    if content is _ABSENT:
        said.lines += _why_absent(result, wanted)
    elif isinstance(content, dict):
        below = sorted((p, n) for p, n in result.origins.items() if p[: len(wanted)] == wanted and p != wanted)
        said.lines.append(f"A section with {len(content)} entries")
        said.lines += [f"{_joined(p)}: from {path_of(n)} ({file_of(n)}:{n.line})" for p, n in below[:SHOWN]]
        if len(below) > SHOWN:
            said.lines.append(f"and {len(below) - SHOWN} more")
    else:
        said.lines.append(f"Value: {_shown(wanted[-1], content)}")
        if origin is None:
            said.lines.append(_without_origin(result, wanted))
    said.lines += [f"Rule: {rule.pattern} {rule.action} to {rule.target}" for rule in _rules_to(wanted)]
    return said


_ABSENT: Final = object()


def _split(result: Result, path: str) -> TypedPath:
    """The names of a typed path; names that hold slashes are found by what there is."""
    found: list[str] = []
    section, rest = result.content, path
    while isinstance(section, dict) and rest:
        known = [str(name) for name in section if rest == name or rest.startswith(f"{name}/")]
        name = max(known, key=len, default=rest.partition("/")[0])
        found.append(name)
        section, rest = section.get(name), rest[len(name) + 1 :]
    return (*found, *(name for name in rest.split("/") if name))


def _with_subject(result: Result, path: TypedPath) -> TypedPath:
    if len(path) < 4 or path[0] != "Registry" or path[2] != "Users" or result.content is None:
        return path
    users = result.content["Registry"].get(path[1], {}).get("Users", {})
    if path[3] in users:
        return path
    subject = next((subject for subject, user in users.items() if user.get("PreferedUsername") == path[3]), path[3])
    return (*path[:3], subject, *path[4:])


def _why_absent(result: Result, path: TypedPath) -> Iterator[str]:
    yield f"{_joined(path)} is not in the typed configuration"
    if path[0] == "Operations" and len(path) > 2 and path[1] != "Defaults":
        default = ("Operations", "Defaults", *path[2:])
        if default in result.origins:
            yield f"DiracX takes {_joined(default)} instead, from {path_of(result.origins[default])}"
            return
    for rule in _rules_to(path):
        names = dict(zip(rule.target.split("/"), path, strict=False))
        legacy = "/".join(names.get(name, name) for name in rule.pattern.split("/"))
        node, missing = _find(result.tree, [name for name in legacy.split("/") if name])
        if not missing and isinstance(node, Option):
            for line in _fate(node, result.account.outcomes.get(node)):
                yield f"{legacy} ({file_of(node)}:{node.line}): {line[0].lower()}{line[1:]}"
        else:
            yield f"{legacy} would set it, and is not there; the default of DiracX applies"


def _without_origin(result: Result, path: TypedPath) -> str:
    if result.previous.at(path) is not None and path[-1] != "PreferedUsername":
        return "What stands in the file is broken, so it stays as published last"
    return "It follows from the name of a section, or is a default of the converter"


def _rules_to(path: TypedPath) -> list[Rule]:
    return [rule for rule in RULES if rule.action is not Action.DROP and _fits(rule.target.split("/"), path)]


def _fits(target: list[str], path: TypedPath) -> bool:
    if target[-1] == "**":
        target, path = target[:-1], path[: len(target) - 1]
    return len(target) == len(path) and all(t.startswith("{") or t == p for t, p in zip(target, path, strict=True))


# both


def _place(node: Node) -> dict[str, Any]:
    """Where an entry stands, its value, and who committed it last: of an option, or of a section round it."""
    place: dict[str, Any] = {"path": path_of(node), "file": file_of(node), "line": node.line, "column": node.column}
    if isinstance(node, Option):
        place["value"] = _shown(node.name, node.value)
    current: Node | None = node
    while current is not None:
        committed = COMMITTED.search(current.comment)
        if committed:
            user, group, moment = committed.groups()
            return place | {"committer": user, "group": group, "committed": moment, "committed_at": path_of(current)}
        current = current.parent
    return place


def _shown(name: str, value: Any) -> str:
    secret = looks_secret(name, str(value)) or looks_random(str(value))
    return "(not shown: it looks like a secret)" if secret else str(value)


def _concerns(found: str, path: str) -> bool:
    return found == path or found.startswith(path.rstrip("/") + "/")


def _joined(path: TypedPath) -> str:
    return "/".join(path)

"""The text in force, kept so that another one is quickly held against it.

What differs is read again. The plan (VOs, groups, users, who goes where) is always made again, and everything is
converted again but users, groups and lines of `UserSubjects` that are the same and have the same plan, and what goes
nowhere and is the same: there is found what was found before.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from typing import Any, Final, NamedTuple

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.converter import MAX_DEPTH, convert_tree, matcher
from diracx_bridge.cs_sync.findings import Finding, Findings
from diracx_bridge.cs_sync.losses import refuse_losses
from diracx_bridge.cs_sync.matching import Place
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.plan import Plan, listed
from diracx_bridge.cs_sync.previous import Previous
from diracx_bridge.cs_sync.reader import Reader
from diracx_bridge.cs_sync.rereading import Known, Reread, reread
from diracx_bridge.cs_sync.source import Form
from diracx_bridge.cs_sync.tree import Node, Option, Section
from diracx_bridge.cs_sync.validation import validate

__all__ = ["Baseline", "Difference", "Outline", "outline_of"]

_IN_FORCE: Final = "<in force>"
_LOOKED_AT: Final = frozenset({"DIRAC", "DiracX", "Operations", "Registry"})
"""Sections that are looked at even where no rule converts them: by the plan, or for switches."""
_SHELL: Final = 100
"""Sections of more lines keep the sections in them when they go nowhere."""
_DEEPEST: Final = 16
Unit = tuple[str, ...]
"""What may be taken over as a whole: `Users/<user>`, `Groups/<group>`, `UserSubjects/<vo>/<user>`; empty: nothing."""


class Difference(NamedTuple):
    """What a text has that the one in force has not: ``kept`` findings are in both, ``found`` only perhaps."""

    refused: bool
    found: list[Finding]
    kept: list[Finding]


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """``walked`` are findings in what may be taken over, ``lost`` those in sections that go nowhere."""

    known: Known
    walked: dict[Unit, list[Finding]]
    lost: list[Finding]
    users: dict[str, dict[str, str]]
    groups: dict[str, list[str]]
    faulty: Set[tuple[str, str]]

    def difference(self, data: bytes, name: str, options: Options, previous: Previous) -> Difference | None:
        """How the text ``data`` differs; None if only a conversion of the whole text can tell."""
        given = reread(self.known, data, name)
        if given is None:
            return None
        findings = Findings(name, options.policy)
        same = _Same(self, given)
        conversion = convert_tree(given.root, findings, previous, personal_data=options.personal_data, known=same.nodes)
        before = len(findings)
        trimmed = _trimmed(conversion.content, same.units)
        validate(replace(conversion, content=trimmed), findings, options.schema)
        if len(findings) > before:
            return None
        if not findings.refuse():
            refuse_losses(given.root, conversion.content, findings, previous, options.max_loss)
        refused = findings.refuse() or (options.strict and findings.refuse_strictly())
        found = [_placed(finding, given, name) for finding in findings]
        found.sort(key=lambda finding: (finding.line, finding.column, finding.code))
        kept = [finding for unit, said in self.walked.items() if unit[:2] in same.units for finding in said]
        kept += [finding for unit, said in self.walked.items() if unit[2:] and unit in same.units for finding in said]
        kept += [finding for finding in self.lost if given.line(finding.line)]
        return Difference(refused, found, kept)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What is kept of a conversion until there is time for a baseline; nothing of its tree.

    ``left_out`` are the first and the last of lines that need not be read again.
    """

    data: bytes
    left_out: list[tuple[int, int]]
    walked: dict[Unit, list[Finding]]
    lost: list[Finding]
    users: dict[str, dict[str, str]]
    groups: dict[str, list[str]]
    faulty: Set[tuple[str, str]]

    def baseline(self) -> Baseline:
        """The baseline, with a tree of its own: the old one would keep too much of the memory around it."""
        reader = Reader(Findings(_IN_FORCE), Section(_IN_FORCE))
        lines, number = iter(BytesIO(self.data)), 1  # a list of all of them would need much memory
        for first, last in [*self.left_out, (sys.maxsize, sys.maxsize)]:
            reader.feed(b"".join(islice(lines, first - number)).decode(), number)
            deque(islice(lines, last - first + 1), maxlen=0)
            number = last + 1
        reader.end(self.data.count(b"\n") + 1)
        known = Known(self.data, reader.root)
        return Baseline(known, self.walked, self.lost, self.users, self.groups, self.faulty)


def outline_of(result: Result, options: Options) -> Outline | None:
    """The outline of a conversion; None if other texts can't be held against it."""
    conversion, findings = result.conversion, result.findings
    special = options.compat or options.setup or options.schema is not Config or result.source.form is not Form.PLAIN
    if special or conversion is None or result.refused or not result.tree.end or "\r" in result.source.text:
        return None
    if any(code.startswith("schema-") for code in findings.by_code()):
        return None
    shells = list(_shells(result.tree, matcher(options.policy.rules).root))
    lost, walked = [], dict[Unit, list[Finding]]()
    for finding in conversion.walked:
        if finding.path.startswith("/..."):  # too deep to say what it belongs to
            return None
        if unit := _unit(finding.path):
            walked.setdefault(unit, []).append(finding)
        elif any(shell.line <= finding.line <= shell.end for shell in shells):
            lost.append(finding)
    return Outline(
        result.source.text.encode(),
        sorted(lines for shell in shells for lines in _content(shell)),
        walked,
        lost,
        {name: vo.users for name, vo in conversion.plan.vos.items()},
        conversion.plan.groups,
        conversion.plan.faulty,
    )


@dataclass(slots=True, eq=False)
class _Same:
    """Finds what is the same in a text and the one in force; ``units`` are what it found."""

    before: Baseline
    given: Reread
    units: set[Unit] = field(default_factory=set)

    def nodes(self, plan: Plan) -> Set[Node]:
        """What need not be converted again, given the new plan."""
        if list(plan.vos) != list(self.before.users):
            return frozenset()
        old, new = self.before.known.root, self.given.root
        faulty = {name for kind, name in plan.faulty ^ self.before.faulty if kind == "user"}
        moved = {name for vo in plan.vos for name in _differing(self.before.users[vo], plan.vos[vo].users)} | faulty
        found: set[Node] = set()
        for name, user in _kept(old, new, "Registry", "Users"):
            if name not in moved:
                found.add(user)
                self.units.add(("Users", name))
        registered = plan.registered.keys() ^ {user.name for user in _sections(old, "Registry", "Users")}
        for name, group in _kept(old, new, "Registry", "Groups"):
            same = plan.groups.get(name) == self.before.groups.get(name)
            same = same and ("group", name) not in plan.faulty ^ self.before.faulty
            if same and not (registered and registered.intersection(listed(group.option("Users")))):
                found.add(group)
                self.units.add(("Groups", name))
        for vo in plan.vos:
            path = ("DiracX", "CsSync", "VOs", vo, "UserSubjects")
            before, now = old.section(*path), new.section(*path)
            if before is None or now is None:
                continue
            if before is now and moved.isdisjoint(now.entries):
                found.add(now)
                self.units.add(("UserSubjects", vo))
                continue
            for option in now.options():
                other = before.entries.get(option.name)
                if isinstance(other, Option) and other.value == option.value and option.name not in moved:
                    found.add(option)
                    self.units.add(("UserSubjects", vo, option.name))
        return found


def _trimmed(content: dict[str, Any], units: set[Unit]) -> dict[str, Any]:
    """The content without users and groups that are the same."""
    registry = {
        vo: {
            **section,
            "Users": {
                key: user
                for key, user in section["Users"].items()
                if ("Users", user.get("PreferedUsername")) not in units
            },
            "Groups": {name: group for name, group in section["Groups"].items() if ("Groups", name) not in units},
        }
        for vo, section in content["Registry"].items()
    }
    return {**content, "Registry": registry}


def _differing(before: dict[str, str], now: dict[str, str]) -> Set[str]:
    if before == now:
        return frozenset()
    return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}


def _sections(root: Section, *path: str) -> Iterator[Section]:
    section = root.section(*path)
    return section.sections() if section else iter(())


def _kept(old: Section, new: Section, *path: str) -> Iterator[tuple[str, Section]]:
    """The sections in the one at ``path`` that were taken over, with their names."""
    before = old.section(*path)
    for section in _sections(new, *path):
        if before and before.entries.get(section.name) is section:
            yield section.name, section


def _unit(path: str) -> Unit:
    names = path.split("/")[1:]
    if names[:2] in (["Registry", "Users"], ["Registry", "Groups"]) and len(names) > 3:
        return tuple(names[1:3])
    if names[:3] == ["DiracX", "CsSync", "VOs"] and names[4:5] == ["UserSubjects"] and len(names) == 6:
        return names[4], names[3], names[5]
    return ()


def _placed(finding: Finding, given: Reread, name: str) -> Finding:
    if finding.file != _IN_FORCE:
        return finding
    return replace(finding, file=name, line=given.line(finding.line))


def _shells(root: Section, place: Place) -> Iterator[Section]:
    """The sections that go nowhere, in the order of the file."""
    waiting = [(section, place.below(section.name), 1) for section in root.sections() if section.name not in _LOOKED_AT]
    while waiting:
        section, here, depth = waiting.pop()
        if here.goes_nowhere() and depth <= MAX_DEPTH:
            yield section
        elif here.known:
            waiting += [(below, here.below(below.name), depth + 1) for below in section.sections()]


def _content(section: Section, depth: int = 0) -> Iterator[tuple[int, int]]:
    """The lines of what stands in ``section``, but for the heads and braces of the larger sections in it."""
    line = section.line + 2
    if section.end - section.line > _SHELL and depth < _DEEPEST:
        for below in section.sections():
            head = below.line - below.comment.count("\n")
            if line < head:
                yield line, head - 1
            yield from _content(below, depth + 1)
            line = below.end + 1
    if line < section.end:
        yield line, section.end - 1

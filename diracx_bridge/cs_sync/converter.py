"""Applies the rules to a legacy configuration.

`convert` never raises for what stands in the file: everything amiss is a finding, every option is accounted for, and
one bad option, user or VO does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final

from diracx_bridge.cs_sync.account import Account, TypedPath
from diracx_bridge.cs_sync.finding_kinds import KINDS
from diracx_bridge.cs_sync.findings import Finding, Findings
from diracx_bridge.cs_sync.last_good import HELD_CODES, hold_entries
from diracx_bridge.cs_sync.last_good import value as last_value
from diracx_bridge.cs_sync.matching import Matcher, Place
from diracx_bridge.cs_sync.plan import Plan, listed, unquoted
from diracx_bridge.cs_sync.policy import Choice
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.registry import make_plan
from diracx_bridge.cs_sync.remarks import is_setup_layer, remark
from diracx_bridge.cs_sync.removal import remove
from diracx_bridge.cs_sync.rules import PERSONAL, RULES, Action, Rule
from diracx_bridge.cs_sync.secrecy import looks_random, looks_secret
from diracx_bridge.cs_sync.switches import Switch, check_switches
from diracx_bridge.cs_sync.tree import Node, Option, Section, path_of, walk_options
from diracx_bridge.cs_sync.values import READERS, VO_READERS, BadValue, Complaint, Converted

__all__ = ["MAX_DEPTH", "Conversion", "convert_tree", "matcher"]

_KEEPING: Final = tuple(
    Rule(f"/{legacy}/**", Action.CONVERT, f"{typed}/**", "free")
    for legacy, typed in {
        "Registry/Users/{user}": "Registry/{vo}/Users/{subject}",
        "Registry/Groups/{group}": "Registry/{vo}/Groups/{group}",
        "Operations/{layer}": "Operations/{layer}",
        "DIRAC": "DIRAC",
        "Resources": "Resources",
    }.items()
)
"""Where unknown options go that the policy wants to keep."""
MAX_DEPTH: Final = 64
"""Sections nested deeper are left out: writers and readers of YAML recurse."""


@dataclass(slots=True, eq=False)
class Conversion:
    """The typed ``content`` (for YAML), where each value came from, the account of all options, the switches.

    ``walked`` are the findings about single options and sections, which depend on nothing but them and the plan.
    """

    content: dict[str, Any]
    origins: dict[TypedPath, Node]
    account: Account
    plan: Plan
    switches: list[Switch]
    walked: list[Finding]


def convert_tree(
    root: Section,
    findings: Findings,
    previous: Previous = NOTHING,
    *,
    personal_data: bool = True,
    known: Callable[[Plan], Set[Node]] = lambda plan: frozenset(),
) -> Conversion:
    """The typed configuration of the legacy tree ``root``; whatever is amiss is added to ``findings``.

    ``content`` has the layout of ``default.yml``: `DIRAC`, `Registry/<vo>`, `Operations/{Defaults,<vo>}`, `Resources`.
    It is not validated here. Broken entries keep their values from ``previous``. Without ``personal_data`` addresses
    and DNs of users are left out. What is ``known`` is passed over: it leaves no value, no finding, and no account.
    """
    plan = make_plan(root, findings, previous)
    plan.personal_data = personal_data
    remark(root, plan, findings)
    switches = check_switches(root, findings)
    engine = _Engine(plan, findings)
    engine.lay_out(root)
    before = len(findings)
    engine.walk(root, known(plan))
    walked = findings.since(before)
    hold_entries(plan, engine.content)
    conversion = Conversion(engine.content, engine.origins, engine.account, plan, switches, walked)
    for vo in dict.fromkeys(plan.broken_vos):
        remove(conversion, {("Registry", vo)}, plan.left_out["vo", vo])
    return conversion


@lru_cache(maxsize=8)
def matcher(more: tuple[Rule, ...]) -> Matcher:
    """The rules, those of the installation before ours."""
    own = {rule.pattern for rule in more}
    return Matcher((*more, *(rule for rule in RULES if rule.pattern not in own)))


@dataclass(slots=True, eq=False)
class _Engine:
    plan: Plan
    findings: Findings
    content: dict[str, Any] = field(default_factory=dict)
    origins: dict[TypedPath, Node] = field(default_factory=dict)
    account: Account = field(default_factory=Account)

    # the typed side

    def lay_out(self, root: Section) -> None:
        """Make the sections that DiracX requires of every VO, user and group."""
        self.content["DIRAC"] = {}
        operations = self.content["Operations"] = {}
        registry = self.content["Registry"] = {}
        if root.section("Operations", "Defaults"):
            operations["Defaults"] = {}
        for vo in self.plan.vos.values():
            operations[vo.name] = {}
            registry[vo.name] = {
                "DefaultGroup": vo.default_group,
                "Users": {subject: {"PreferedUsername": name} for name, subject in vo.users.items()},
                "Groups": {group: {"Properties": [], "Users": []} for group in vo.groups},
            }
            self.origins["Registry", vo.name] = vo.section
            for name, subject in vo.users.items():
                if name in self.plan.registered:
                    self.origins["Registry", vo.name, "Users", subject] = self.plan.registered[name]
            for name in vo.groups:
                group = root.section("Registry", "Groups", name)
                if group:
                    self.origins["Registry", vo.name, "Groups", name] = group

    def section_at(self, path: TypedPath) -> dict[str, Any]:
        """The section at ``path``, made if need be; a value in its way gives way."""
        section = self.content
        for name in path:
            below = section.get(name)
            if not isinstance(below, dict):
                below = section[name] = {}
            section = below
        return section

    # the legacy side

    def walk(self, root: Section, known: Set[Node]) -> None:
        waiting: list[tuple[Section, Place, int]] = [(root, matcher(self.plan.policy.rules).root, 0)]
        while waiting:
            section, place, depth = waiting.pop()
            for entry in section.entries.values():
                if entry in known:
                    continue
                if isinstance(entry, Option):
                    self.option(entry, place)
                elif (below := self.enter(entry, place, depth)) is not None:
                    waiting.append((entry, below, depth + 1))

    def enter(self, section: Section, place: Place, depth: int) -> Place | None:
        """The place of ``section``, or None when everything in it has been accounted for."""
        below = place.below(section.name)
        if not below.known:
            self.unknown_section(section, place)
            return None
        if below.is_option():
            self.findings.add("option-expected", f"{section.name} is a section here", at=section)
            self.lose(section, "a section where an option belongs")
            return None
        if depth >= MAX_DEPTH:
            self.findings.add("too-deep", f"More than {MAX_DEPTH} levels of sections", at=section)
            self.drop(section, "nested too deeply")
            return None
        names = dict(below.steps[0][1]) if below.steps else {}
        if names and not any(self.plan.targets(names)) and not self.plan.faulty & set(names.items()):
            self.drop(section, self.plan.why_not(names))
            return None
        if below.tail and below.goes_nowhere():
            self.drop(section, below.tail.rule.reason)
            return None
        if below.tail and below.tail.rule.action is Action.CONVERT:
            for target in self.plan.targets(dict(below.tail.names)):
                self.section_at(_fill(below.tail.rule, target, below.tail.rest))
        return below

    def unknown_section(self, section: Section, place: Place) -> None:
        names = place.steps[0][1] if place.steps else {}
        count = sum(1 for _ in walk_options(section))
        if names.get("layer") and path_of(section).count("/") == 3 and is_setup_layer(section):
            message = f"{path_of(section)} is the layer of a setup, which DIRAC v9 ignores ({count} options)"
            self.findings.add("operations-setup-layer", message, at=section)
            self.drop(section, "layer of a setup, which DIRAC v9 ignores")
            return
        message = f"Unknown section {section.name} with {count} option(s)"
        self.findings.add("unknown-section", message, at=section, remedy=_suggest(section.name, place))
        keep = self.plan.chosen("unknown-section", section) is Choice.KEEP
        for option in walk_options(section):
            if not (keep and self.keep(option)):
                self.account.unknown(option, "unknown section")

    def option(self, option: Option, place: Place) -> None:
        matched = place.match(option.name)
        if matched is None:
            self.unmatched(option, place)
            return
        rule, names, rest = matched
        if rule.action is Action.DROP:
            if rule.told:
                self.findings.add("not-in-diracx", f"{option.name}: {rule.reason}", at=option)
                if self.plan.chosen("not-in-diracx", option) is Choice.KEEP and self.keep(option):
                    return
            self.leave(option, rule.reason)
        elif not self.plan.personal_data and rule.target.rpartition("/")[2] in PERSONAL and "{user}" in rule.pattern:
            self.leave(option, "personal data, left out on request")
        elif rule.action is Action.NAME:
            values = [unquoted(option.value), *listed(option)]
            targets = [t for t in self.plan.targets(dict(names)) if t["vo"] in values or t.get("subject") in values]
            self.settle(option, tuple(_fill(rule, target) for target in targets), dict(names))
        else:
            self.convert(option, rule, dict(names), rest)

    def unmatched(self, option: Option, place: Place) -> None:
        below = place.below(option.name)
        if below.is_section():
            free = (
                below.tail if below.tail and below.tail.rule.action is Action.CONVERT and not below.tail.rest else None
            )
            if free and option.value == "None":
                paths = tuple(_fill(free.rule, target) for target in self.plan.targets(dict(free.names)))
                for path in paths:
                    self.section_at(path[:-1])[path[-1]] = None
                self.settle(option, paths, dict(free.names))
                return
            self.findings.add("section-expected", f"{option.name} is an option here", at=option)
            self.account.unknown(option, "an option where a section belongs")
            return
        message = f"Unknown option {option.name}"
        self.findings.add("unknown-option", message, at=option, remedy=_suggest(option.name, place))
        if not (self.plan.chosen("unknown-option", option) is Choice.KEEP and self.keep(option)):
            self.account.unknown(option, "unknown option")

    def keep(self, option: Option) -> bool:
        """Take an option as it is to the place that has its name in the typed layout; whether there is one."""
        path = path_of(option)
        for rule in _KEEPING:
            names = _names_in(path, rule.pattern)
            if names is None:
                continue
            targets = [_fill(rule, target, tuple(names["**"].split("/"))) for target in self.plan.targets(names)]
            for target in targets:
                self.section_at(target[:-1])[target[-1]] = option.value
                self.origins[target] = option
            self.settle(option, tuple(targets), names)
            return True
        return False

    def convert(self, option: Option, rule: Rule, names: dict[str, str], rest: TypedPath) -> None:
        secret = rule.type != "issuer" and looks_secret(option.name, option.value)
        if secret or (rule.type == "free" and looks_random(option.value)):
            self.findings.add("secret-dropped", f"{option.name} looks like a secret", at=option)
            if self.plan.chosen("secret-dropped", option) is not Choice.KEEP:
                self.account.dropped(option, KINDS["secret-dropped"].meaning)
                return
        mapped = self.mapped(option)
        paths: list[TypedPath] = []
        complaints: list[Complaint] = []
        converted: Converted | None = None
        try:
            for target in self.plan.targets(names):
                if converted is None or rule.type in VO_READERS:
                    converted = READERS[rule.type](mapped, target, self.plan)
                    complaints += [complaint for complaint in converted.complaints if complaint not in complaints]
                path = _fill(rule, target, rest)
                self.section_at(path[:-1])[path[-1]] = converted.value
                self.origins[path] = option
                paths.append(path)
            if converted is None and rule.type not in VO_READERS:
                complaints = READERS[rule.type](mapped, names, self.plan).complaints
        except BadValue as error:
            places = [_fill(rule, target, rest) for target in self.plan.targets(names)]
            held = [path for path in places if error.code in HELD_CODES and self.hold(path)]
            typed = "/".join(places[0]) if places else ""
            self.findings.add(error.code, str(error), at=option, typed_path=typed, held=bool(held))
            self.account.dropped(option, KINDS[error.code].meaning)
            return
        for said in complaints:
            self.findings.add(
                said.code,
                said.message,
                at=said.part or option,
                of=option,
                typed_path="/".join(paths[0]) if paths else "",
                remedy=said.remedy,
            )
        self.settle(option, tuple(paths), names)

    def mapped(self, option: Option) -> Option:
        """The option with the values that the policy gives instead of its own."""
        for pattern, values in self.plan.policy.values:
            if fnmatchcase(path_of(option), pattern):
                first, *more = [replace(part, text=_mapped(part.text, values)) for part in option.parts]
                return replace(option, text=first.text, more=more or None)
        return option

    def hold(self, path: TypedPath) -> bool:
        """Keep what was published last at ``path``; whether there was anything."""
        value = last_value(self.plan, path)
        if value is None:
            return False
        self.section_at(path[:-1])[path[-1]] = value
        return True

    def settle(self, option: Option, paths: tuple[TypedPath, ...], names: dict[str, str]) -> None:
        """Account for an option that goes to ``paths``, or nowhere if there are none."""
        if paths:
            self.account.converted(option, paths)
        else:
            self.leave(option, self.plan.why_not(names))

    # what is left out

    def drop(self, section: Section, reason: str) -> None:
        self.account.dropped_all(walk_options(section), reason)
        for option in walk_options(section):
            if looks_secret(option.name, option.value):
                self.tell_secret(option)

    def leave(self, option: Option, reason: str) -> None:
        self.account.dropped(option, reason)
        if looks_secret(option.name, option.value):
            self.tell_secret(option)

    def tell_secret(self, option: Option) -> None:
        self.findings.add("secret-not-written", f"{option.name} looks like a secret", at=option)

    def lose(self, section: Section, reason: str) -> None:
        for option in walk_options(section):
            self.account.unknown(option, reason)


def _fill(rule: Rule, names: dict[str, str], rest: TypedPath = ()) -> TypedPath:
    """The typed path of ``rule`` for ``names``; ``rest`` stands for a final ``**``. Names may hold slashes."""
    path: list[str] = []
    for step in rule.target.split("/"):
        if step == "**":
            path.extend(rest)
        else:
            path.append(names[step[1:-1]] if step.startswith("{") else step)
    return tuple(path)


def _mapped(text: str, values: Mapping[str, str]) -> str:
    return ", ".join(values.get(entry.strip(), entry) for entry in text.split(","))


def _names_in(path: str, pattern: str) -> dict[str, str] | None:
    """What the names of a pattern, and its final `**`, stand for in ``path``; None if it does not match."""
    wanted, given = pattern.split("/"), path.split("/")
    if len(given) < len(wanted):
        return None
    names = {"**": "/".join(given[len(wanted) - 1 :])}
    for name, found in zip(wanted[:-1], given, strict=False):
        if name.startswith("{"):
            names[name[1:-1]] = found
        elif name != found:
            return None
    return names


def _suggest(name: str, place: Place) -> str:
    return _suggestion(name, tuple(place.names())) if len(name) < 50 else ""


@lru_cache(maxsize=1024)
def _suggestion(name: str, known: tuple[str, ...]) -> str:
    same = [other for other in known if other.lower() == name.lower()] or get_close_matches(name, known, 1, 0.75)
    return f"Do you mean {same[0]}?" if same else ""

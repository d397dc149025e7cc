"""Checks the switches between legacy services and DiracX: DIRAC's own, under both names, and the routing of the bridge.

They stay in the legacy configuration, where DIRAC's processes read them; nothing of them goes into the typed one. Two
that contradict each other refuse the file, because whichever a process reads first would decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.effective import BRIDGE, RoutingFacts, effective_rules
from diracx_bridge.core.spellings import SWITCHES, truth
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.plan import listed
from diracx_bridge.cs_sync.tree import Node, Option, Section, path_of, walk_options

__all__ = ["Switch", "check_switches"]


@dataclass(frozen=True, slots=True)
class Switch:
    """How far ``service`` (`System/Service`) has moved by default, and the option that says so."""

    service: str
    stage: str
    option: str


def check_switches(root: Section, findings: Findings) -> list[Switch]:
    """The switches in force, one per service that has any; what is amiss is added to ``findings``."""
    new, old = (_switched(root, name) for name in SWITCHES)
    _check_texts(new, old, findings)
    _check_disabled(root, {**old, **new}, findings)
    routed = dict(_routed(root, findings))
    found = (_in_force(service, routed.get(service), new, old, root, findings) for service in {**new, **old, **routed})
    return sorted((switch for switch in found if switch), key=lambda switch: switch.service)


def _switched(root: Section, name: str) -> dict[str, Option]:
    """`<System>/<Service>` -> the option below `/DiracX/<name>`."""
    section = root.section("DiracX", name)
    if section is None:
        return {}
    start = len(path_of(section)) + 1
    return {path_of(option)[start:]: option for option in walk_options(section)}


def _check_texts(new: dict[str, Option], old: dict[str, Option], findings: Findings) -> None:
    for option in [*new.values(), *old.values()]:
        if option.value and truth(option.value) is None:
            message = f"{path_of(option)} = {option.value} is neither yes nor no: DIRAC takes it for no"
            findings.add("switch-spelling", message, at=option)
    for service, option in old.items():
        findings.add("switch-old-name", f"DIRAC 9.1 does not read {path_of(option)}", at=option)
        other = new.get(service)
        if other is not None and {truth(other.value), truth(option.value)} == {True, False}:
            message = f"{path_of(option)} = {option.value} contradicts {path_of(other)} = {other.value}"
            findings.add("switch-contradiction", message, at=option)


def _check_disabled(root: Section, switches: dict[str, Option], findings: Findings) -> None:
    disabled = root.option("DiracX", "DisabledVOs")
    vos = [vo for vo in listed(disabled) if vo != "None"]
    on = [option for option in switches.values() if truth(option.value)]
    if disabled and vos and on:
        shown = ", ".join(path_of(option) for option in on[:5])
        message = f"/DiracX/DisabledVOs names {', '.join(vos)} while {shown} switch clients of every VO to DiracX"
        findings.add("disabled-vos", message, at=disabled)


def _routed(root: Section, findings: Findings) -> Iterator[tuple[str, Section]]:
    """`<System>/<Service>` and its routing section."""
    for system in (root.section(*BRIDGE.strip("/").split("/")) or Section()).entries.values():
        services = [system] if isinstance(system, Option) else system.entries.values()
        for service in services:
            if isinstance(service, Section):
                yield f"{system.name}/{service.name}", service
            else:
                message = f"{path_of(service)} belongs into a section {BRIDGE}/<System>/<Service>"
                findings.add("routing-invalid", message, at=service)


def _in_force(
    service: str,
    section: Section | None,
    new: dict[str, Option],
    old: dict[str, Option],
    root: Section,
    findings: Findings,
) -> Switch | None:
    switch = next((names[service] for names in (new, old) if service in names and truth(names[service].value)), None)
    vos = () if section is None else tuple(vo for vo in listed(root.option("DiracX", "DisabledVOs")) if vo != "None")
    facts = RoutingFacts(
        section=_texts(section or Section()),
        switches={path_of(switch): switch.value} if switch else {},
        disabled_vos=vos,
    )
    try:
        route = effective_rules(service, facts).route(None, None)
    except ConfigurationError as error:
        for problem in str(error).split("; "):
            code = "switch-contradiction" if "contradicts" in problem else "routing-invalid"
            findings.add(code, problem, at=_named(problem, root) or section or switch)
        return None
    return Switch(service, str(route.stage), route.decided_by)


def _texts(section: Section) -> Mapping[str, Any]:
    return {e.name: e.value if isinstance(e, Option) else _texts(e) for e in section.entries.values()}


def _named(problem: str, root: Section) -> Node | None:
    """The entry below the routing section that a message names; else the first that it names."""
    found: list[Node] = []
    for path in re.findall(r"/DiracX/[^\s=;:,]+", problem):
        *names, last = path.strip("/").split("/")
        holder = root.section(*names)
        if holder and last in holder.entries:
            found.append(holder.entries[last])
    return next((node for node in found if path_of(node).startswith(BRIDGE)), found[0] if found else None)

"""Rearranges a legacy configuration as upstream's converter does: texts and dictionaries in the typed layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from diracx_bridge.cs_sync.tree import Node, Option, Section

__all__ = ["Laid", "Stopped", "lay_out", "plain"]

_REMOVED: Final = (
    "ConnConf", "Configuration", "DefaultGroup", "DefaultSetup", "Extensions", "Framework", "PreferredURLPatterns",
    "Security", "Setups", "VirtualOrganization",
)  # fmt: skip


class Stopped(Exception):
    """Upstream's converter ends with an error; ``at`` is the entry that makes it."""

    def __init__(self, message: str, at: Node) -> None:
        super().__init__(message)
        self.at = at


@dataclass(slots=True)
class Laid:
    """The ``content``, and the ``origins`` of VOs, users and groups: typed path -> legacy section."""

    content: dict[str, Any]
    origins: dict[tuple[str, ...], Node] = field(default_factory=dict)


@dataclass(slots=True)
class _Vo:
    section: Section
    idp: dict[str, str]
    default_group: str
    subjects: dict[str, str]
    support: dict[str, Any]


def lay_out(root: Section) -> Laid:
    """The content that upstream validates.

    Raises:
        Stopped: upstream stops before it validates.
    """
    diracx = _section(root, "DiracX")
    _refuse_disabled_vos(diracx)
    vos = {section.name: _vo(section) for section in _vos(_section(diracx, "CsSync"))}
    dirac, registry = _section(root, "DIRAC"), _section(root, "Registry")
    content = {entry.name: plain(entry) for entry in root.entries.values() if entry.name not in ("DiracX", "Registry")}
    for name in _REMOVED:
        content[dirac.name].pop(name, None)
    content["Registry"] = {}
    laid = Laid(content)
    for name, vo in vos.items():
        content["Registry"][name] = _registry(name, vo, registry, laid)
    for name, alias in (("dirac", "DIRAC"), ("operations", "Operations"), ("registry", "Registry"),
                        ("resources", "Resources"), ("local_site", "LocalSite"), ("log_level", "LogLevel"),
                        ("mc_testing_destination", "MCTestingDestination"), ("systems", "Systems"),
                        ("web_app", "WebApp")):  # fmt: skip
        if name in content:
            content[alias] = content.pop(name)
    if content.get("Systems") == "None":
        content["Systems"] = None
    _complete_operations(root, content)
    return laid


def plain(entry: Node) -> Any:
    """A section as a dictionary, options before sections, an option as its text."""
    if isinstance(entry, Option):
        return entry.value
    below = entry.entries.values()
    return {e.name: e.value for e in below if isinstance(e, Option)} | {
        e.name: plain(e) for e in below if isinstance(e, Section)
    }


def _section(parent: Section, name: str) -> Section:
    found = parent.entries.get(name)
    if not isinstance(found, Section):
        raise Stopped(f"There is no section {name}", found or parent)
    return found


def _refuse_disabled_vos(diracx: Section) -> None:
    disabled, clients = diracx.entries.get("DisabledVOs"), diracx.entries.get("FutureClientEnabled")
    enabled = False
    if clients:
        for system in _entries(clients):
            enabled |= any(isinstance(entry, Option) and entry.value == "True" for entry in _entries(system))
    if disabled and enabled and (disabled.entries if isinstance(disabled, Section) else disabled.value):
        raise Stopped("DisabledVOs is set and a client is enabled", disabled)


def _entries(entry: Node) -> list[Node]:
    if isinstance(entry, Option):
        raise Stopped(f"{entry.name} is an option, not a section", entry)
    return [*entry.options(), *entry.sections()]


def _vos(cs_sync: Section) -> list[Section]:
    found = _entries(_section(cs_sync, "VOs"))
    for entry in found:
        if isinstance(entry, Option):
            raise Stopped(f"VO {entry.name} is an option, not a section", entry)
    return [entry for entry in found if isinstance(entry, Section)]


def _vo(section: Section) -> _Vo:
    idp = _section(section, "IdP")
    subjects = {
        entry.name: _text(section, "UserSubjects", entry.name) for entry in _entries(_any(section, "UserSubjects"))
    }
    support = section.entries.get("Support")
    return _Vo(
        section,
        {"URL": _text(idp, "URL"), "ClientID": _text(idp, "ClientID")},
        _text(section, "DefaultGroup"),
        subjects,
        {entry.name: plain(entry) for entry in _entries(support)} if support else {},
    )


def _any(section: Section, name: str) -> Node:
    found = section.entries.get(name)
    if found is None:
        raise Stopped(f"There is no {name}", section)
    return found


def _text(section: Section, *names: str) -> str:
    found: Node = section
    for name in names:
        if not isinstance(found, Section):
            raise Stopped(f"{found.name} is an option, not a section", found)
        found = _any(found, name)
    if not isinstance(found, Option):
        raise Stopped(f"{found.name} is a section, not an option", found)
    return found.value


def _registry(name: str, vo: _Vo, registry: Section, laid: Laid) -> dict[str, Any]:
    content: dict[str, Any] = {"IdP": vo.idp, "DefaultGroup": vo.default_group, "Support": vo.support}
    laid.origins["Registry", name] = vo.section
    laid.origins["Registry", name, "Support"] = vo.section.entries.get("Support", vo.section)
    for quota in ("DefaultStorageQuota", "DefaultProxyLifeTime"):
        if quota in registry.entries:
            content[quota] = plain(registry.entries[quota])
            laid.origins["Registry", name, quota] = registry.entries[quota]
    voms_name = _voms_name(name, registry)
    if voms_name is not None:
        content["VOMSName"] = plain(voms_name)
        laid.origins["Registry", name, "VOMSName"] = voms_name
    members: set[str] = set()
    groups = content["Groups"] = {}
    for group in _entries(_any(registry, "Groups")):
        if _belongs(group, name) and isinstance(group, Section):
            listed = {user.strip() for user in _text(group, "Users").split(",") if user.strip()}
            members |= listed
            groups[group.name] = {key: value for key, value in plain(group).items() if key not in ("IdPRole", "VO")}
            groups[group.name]["Users"] = [vo.subjects[user] for user in listed if user in vo.subjects]
            laid.origins["Registry", name, "Groups", group.name] = group
    users = content["Users"] = {}
    for user in _entries(_any(registry, "Users")):
        subject = vo.subjects.get(user.name)
        if user.name in members and subject:
            users[subject] = _user(user)
            laid.origins["Registry", name, "Users", subject] = user
    return content


def _voms_name(name: str, registry: Section) -> Node | None:
    vos = registry.entries.get("VO")
    if isinstance(vos, Option):
        raise Stopped("VO is an option, not a section", vos)
    vo = vos.entries.get(name) if vos else None
    if isinstance(vo, Option) and "VOMSName" in vo.value:
        raise Stopped(f"VO {name} is an option, not a section", vo)
    return vo.entries.get("VOMSName") if isinstance(vo, Section) else None


def _belongs(group: Node, vo: str) -> bool:
    if isinstance(group, Option):
        if "VO" in group.value:  # the name is looked for in the text
            raise Stopped(f"Group {group.name} is an option, not a section", group)
        return False
    named = group.entries.get("VO")
    return isinstance(named, Option) and named.value == vo


def _user(user: Node) -> dict[str, Any]:
    if isinstance(user, Option):
        raise Stopped(f"User {user.name} is an option, not a section", user)
    dns = _text(user, "DN").split(",")
    content: dict[str, Any] = {key: value for key, value in plain(user).items() if key not in ("DN", "CA")}
    content["PreferedUsername"] = user.name
    content["DNs"] = [dn.strip() for dn in dns if not dn.strip().startswith("/O=DIRAC/")]
    return content


def _complete_operations(root: Section, content: dict[str, Any]) -> None:
    operations = content.setdefault("Operations", {})
    if not isinstance(operations, dict):
        raise Stopped("Operations is an option, not a section", root.entries.get("Operations", root))
    registry = content["Registry"]
    if not isinstance(registry, dict):
        raise Stopped("registry is an option, not a section", root.entries.get("registry", root))
    for vo in registry:
        operations.setdefault(vo, {})

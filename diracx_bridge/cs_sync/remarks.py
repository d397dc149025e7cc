"""Remarks on parts of a legacy configuration that no single option gives rise to."""

from __future__ import annotations

from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.plan import Plan
from diracx_bridge.cs_sync.rules import RULES
from diracx_bridge.cs_sync.tree import Option, Section
from diracx_bridge.cs_sync.values import BETWEEN_DNS

__all__ = ["remark"]

_OPERATIONS_NAMES = frozenset(
    rule.pattern.split("/")[3] for rule in RULES if rule.pattern.startswith("/Operations/{layer}/")
)


def remark(root: Section, plan: Plan, findings: Findings) -> None:
    """Add the findings about setups, layers of Operations, platforms and shared DNs; complete ``plan.left_out``."""
    _setups(root, findings)
    _layers(root, plan, findings)
    _platforms(root, findings)
    _shared_dns(root, findings)


def _setups(root: Section, findings: Findings) -> None:
    dirac = root.section("DIRAC")
    for name in ("Setup", "Setups"):
        entry = dirac.entries.get(name) if dirac else None
        if entry is not None:
            findings.add("setup-left-over", f"/DIRAC/{name} is left over from before v9", at=entry)


def is_setup_layer(section: Section) -> bool:
    """Whether ``section`` holds what belongs directly below `Defaults` or a VO."""
    return any(name in _OPERATIONS_NAMES for name in section.entries)


def _layers(root: Section, plan: Plan, findings: Findings) -> None:
    for section in (root.section("Operations") or Section()).sections():
        name = section.name
        if name == "Defaults" or name in plan.vos or ("vo", name) in plan.left_out:
            continue
        similar = next((vo for vo in [*plan.vos, "Defaults"] if vo.lower() == name.lower()), "")
        if similar:
            plan.left_out["vo", name] = f"/Operations/{name} should be called {similar}"
            findings.add("vo-name-case", plan.left_out["vo", name], at=section)
        elif is_setup_layer(section):
            plan.left_out["vo", name] = f"/Operations/{name} is the layer of a setup, which DIRAC v9 ignores"
            findings.add("operations-setup-layer", plan.left_out["vo", name], at=section)
        else:
            plan.left_out["vo", name] = f"/Operations/{name} belongs to no VO"
            findings.add("operations-unknown", plan.left_out["vo", name], at=section)


def _platforms(root: Section, findings: Findings) -> None:
    section = root.section("Resources", "Computing", "OSCompatibility")
    inner = section.section("OSCompatibility") if section else None
    if inner:
        findings.add("platforms-nested", "OSCompatibility stands inside itself", at=inner)
    elif section:
        findings.add("platforms-kept", f"{len(section.entries)} platform(s) are kept", at=section)


def _shared_dns(root: Section, findings: Findings) -> None:
    owners: dict[str, str] = {}
    for user in (root.section("Registry", "Users") or Section()).sections():
        option, name = user.entries.get("DN"), user.name
        if not isinstance(option, Option):
            continue
        value = option.value
        for text in dict.fromkeys(BETWEEN_DNS.split(value)) if "," in value else (value,):
            dn = text.strip(", \t")
            first = owners.setdefault(dn, name)
            if first != name and dn and not dn.startswith("/O=DIRAC/"):
                findings.add("dn-shared", f"User {name} has a DN of user {first}", at=option)

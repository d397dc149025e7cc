"""Lets broken entries keep what was published last."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from diracx_bridge.cs_sync.account import TypedPath
from diracx_bridge.cs_sync.plan import Plan
from diracx_bridge.cs_sync.rules import PERSONAL

__all__ = ["HELD_CODES", "entry", "hold_entries", "value"]

HELD_CODES: Final = frozenset({"email-invalid", "idp-url-invalid", "number-invalid", "vo-without-idp"})
"""Values refused with one of these codes are mistakes; the others may have been emptied on purpose."""


def value(plan: Plan, path: TypedPath) -> Any:
    """The published value or section at ``path``; None if there is none."""
    return entry(plan, path) if isinstance(plan.previous.at(path), dict) else deepcopy(plan.previous.at(path))


def hold_entries(plan: Plan, content: dict[str, Any]) -> None:
    """Put the published form of broken VOs, users and groups into ``content``."""
    for name in plan.held_vos:
        content["Registry"][name] = entry(plan, ("Registry", name))
        content["Operations"][name] = entry(plan, ("Operations", name))
    for vo in plan.vos.values():
        registry = content["Registry"][vo.name]
        before = plan.previous.section("Registry", vo.name)
        identity = before.get("IdP")
        if isinstance(identity, dict):
            registry["IdP"] = {**deepcopy(identity), **registry.get("IdP", {})}
        for kind, name in sorted(vo.held):
            if kind == "Users":
                registry["Users"][vo.users[name]] = entry(plan, ("Registry", vo.name, "Users", vo.users[name]))
            else:
                group = entry(plan, ("Registry", vo.name, "Groups", name))
                subjects = set(vo.users.values())
                group["Users"] = [subject for subject in group.get("Users", ()) if subject in subjects]
                registry["Groups"][name] = group


def entry(plan: Plan, path: TypedPath) -> dict[str, Any]:
    """The published section at ``path``, without personal data if these are not wanted."""
    found = deepcopy(plan.previous.section(*path))
    if not plan.personal_data and path[0] == "Registry":
        users = found.get("Users", {}) if len(path) == 2 else {"": found} if path[2:3] == ("Users",) else {}
        for user in users.values() if isinstance(users, dict) else ():
            for name in PERSONAL if isinstance(user, dict) else ():
                user.pop(name, None)
    return found

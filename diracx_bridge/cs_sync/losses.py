"""Keeps a cut, half-written or old file from taking away what was published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.previous import Previous
from diracx_bridge.cs_sync.tree import Section

__all__ = ["refuse_losses"]

FEW: Final = 3
"""Fewer than so many users, groups or options may always go, as long as any are left."""


def refuse_losses(
    root: Section, content: dict[str, Any], findings: Findings, previous: Previous, max_loss: float
) -> None:
    """Add findings when ``content`` lacks too much of what was published, or comes from an older version."""
    option = root.option("DIRAC", "Configuration", "Version")
    if option and option.value and previous.version and option.value < previous.version:
        message = f"Version {option.value} is older than {previous.version}, which is published"
        findings.add("version-older", message, at=option)
    for what, before, now in _compared(previous.content, content):
        gone = sorted(before - now)
        share = 100 * len(gone) / len(before) if before else 0
        if share > max_loss and (len(gone) >= FEW or len(gone) == len(before) or what == "VOs"):
            shown = ", ".join(gone[:5]) + (" ..." if len(gone) > 5 else "")
            message = f"{len(gone)} of {len(before)} {what} would go ({share:.0f} %, at most {max_loss:g} %): {shown}"
            findings.add("entries-vanished", message, at=_place(root))


def _compared(before: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, set[str], set[str]]]:
    """What is counted: its name, what was there, what is there."""
    old, new = _mapping(before, "Registry"), _mapping(now, "Registry")
    yield "VOs", set(old), set(new)
    for vo, registry in old.items():
        if vo in new:
            yield f"users of VO {vo}", _names(registry), _names(new[vo])
            yield f"groups of VO {vo}", set(_mapping(registry, "Groups")), set(_mapping(new[vo], "Groups"))
    yield "options of Operations", set(_leaves(before, "Operations")), set(_leaves(now, "Operations"))


def _mapping(holder: Any, name: str) -> dict[str, Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}


def _names(registry: Any) -> set[str]:
    users = _mapping(registry, "Users").values()
    return {str(user.get("PreferedUsername") if isinstance(user, dict) else None) for user in users}


def _leaves(content: Any, name: str, path: str = "") -> Iterator[str]:
    for key, value in _mapping(content, name).items():
        below = f"{path}{key}"
        if isinstance(value, dict):
            yield from _leaves({"": value}, "", f"{below}/")
        else:
            yield below


def _place(root: Section) -> Section:
    return root.section("Registry") or root

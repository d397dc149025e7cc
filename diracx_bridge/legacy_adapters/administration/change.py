"""Changes of the routing section of a service. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.effective import BRIDGE
from diracx_bridge.core.routing.rules import Section
from diracx_bridge.core.routing.stages import Stage


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the routing: a service, and perhaps one VO, one method of it."""

    service: str
    vo: str = ""
    method: str = ""

    @property
    def path(self) -> str:
        """The section of the CS."""
        vo = f"/VOs/{self.vo}" if self.vo else ""
        return f"{BRIDGE}/{self.service}{vo}" + (f"/Methods/{self.method}" if self.method else "")

    def inside(self, section: dict[str, Any]) -> dict[str, Any]:
        """The part of the service's ``section`` for this place, made if it is not there."""
        for name in (*(("VOs", self.vo) if self.vo else ()), *(("Methods", self.method) if self.method else ())):
            section = section.setdefault(name, {})
        return section


def with_stage(
    section: Section, place: Place, stage: Stage, percent: float | None = None, fallback: bool | None = None
) -> dict[str, Any]:
    """The service's section with this stage at ``place``; what is said elsewhere stays.

    Raises:
        ConfigurationError: a percentage without the stage canary.
    """
    if percent is not None and stage is not Stage.CANARY:
        raise ConfigurationError(f"A percentage belongs to the stage canary, not to {stage}")
    changed: dict[str, Any] = deepcopy(dict(section))
    inner = place.inside(changed)
    inner["Stage"] = str(stage)
    if percent is not None:
        inner["Percent"] = f"{percent:g}"
    elif stage is not Stage.CANARY:
        inner.pop("Percent", None)
    if fallback is not None:
        inner["Fallback"] = "yes" if fallback else "no"
    return changed


def rolled_back(section: Section, place: Place) -> dict[str, Any]:
    """The service's section with everything at and below ``place`` with legacy.

    For a VO that is also its methods, which have stages of their own; for a method of all VOs what VOs say of it.
    """
    changed: dict[str, Any] = deepcopy(dict(section))
    _to_legacy(place.inside(changed), keep_place=True)
    if place.method and not place.vo:
        for vo in changed.get("VOs", {}).values():
            _to_legacy(vo.get("Methods", {}).get(place.method, {}), keep_place=False)
    return changed


def _to_legacy(section: dict[str, Any], *, keep_place: bool) -> None:
    if keep_place or "Stage" in section:
        section["Stage"] = str(Stage.LEGACY)
    section.pop("Percent", None)
    for value in section.values():
        if isinstance(value, dict):
            for inner in value.values():
                if isinstance(inner, dict):
                    _to_legacy(inner, keep_place=False)


def options_changed(before: Section, after: Section, path: str) -> dict[str, str | None]:
    """The options that differ, by their full path: the new text, ``None`` for those that are to be removed."""
    old, new = dict(_options(before, path)), dict(_options(after, path))
    changed: dict[str, str | None] = {name: text for name, text in new.items() if old.get(name) != text}
    return {**changed, **{name: None for name in old if name not in new}}


def _options(section: Section, path: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in section.items():
        if isinstance(value, str):
            found.append((f"{path}/{name}", value))
        else:
            found += _options(value, f"{path}/{name}")
    return found


def as_cfg(service: str, section: Section, *, below_bridge: bool = True) -> str:
    """The section in the format of ``dirac.cfg``, from ``/DiracX/Bridge`` on, or as the override file has it."""
    names = [*(("DiracX", "Bridge") if below_bridge else ()), *service.split("/")]
    tree: Mapping[str, Any] = dict(section)
    for name in reversed(names):
        tree = {name: tree}
    return _text(tree, 0)


def _text(tree: Mapping[str, Any], depth: int) -> str:
    pad = "  " * depth
    lines = []
    for name, value in sorted(tree.items(), key=lambda item: isinstance(item[1], Mapping)):
        if isinstance(value, Mapping):
            lines.append(f"{pad}{name}\n{pad}{{\n{_text(value, depth + 1)}{pad}}}\n")
        else:
            lines.append(f"{pad}{name} = {value}\n")
    return "".join(lines)

"""Extensions: entry points of other packages that add to the bridge or replace parts of it.

An entry point of the same group and name as one of ours replaces it for everybody. Where several packages claim one
name, the one with the highest priority wins: a package says its priority by an entry point ``priority`` in the group
``diracx_bridge`` whose value is an integer ``module:attribute`` (absent: 10; the bridge itself: 0). Equal priorities
are an error that names both packages: picking one silently would make an upgrade change behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from diracx_bridge.core.errors import ExtensionError

OURS = "diracx-bridge"


@dataclass(frozen=True, slots=True)
class Extension:
    """One loaded entry point: its ``name``, the ``distribution`` it came from, and the loaded ``value``."""

    name: str
    distribution: str
    value: Any


@cache
def load_all(group: str) -> tuple[Extension, ...]:
    """All entry points of ``group``, loaded, highest priority first, then by name; duplicates are kept.

    Raises:
        ExtensionError: an entry point can't be imported.
    """
    found = [_load(point) for point in entry_points(group=group)]
    return tuple(sorted(found, key=lambda e: (-_priority(e.distribution), e.name)))


def load(group: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """``defaults`` with the entry points of ``group`` over them: new names are added, equal names replaced.

    Raises:
        ExtensionError: an entry point can't be imported, or two packages of equal priority claim one name.
    """
    chosen: dict[str, Extension] = {}
    for extension in load_all(group):
        winner = chosen.setdefault(extension.name, extension)
        if winner is not extension and _priority(winner.distribution) == _priority(extension.distribution):
            raise ExtensionError(
                f"{winner.distribution} and {extension.distribution} both register {extension.name!r} in {group} with "
                "the same priority: uninstall one, or give one of them another `priority` in the group diracx_bridge"
            )
    return {**defaults, **{name: extension.value for name, extension in chosen.items()}}


def _load(point: EntryPoint) -> Extension:
    distribution = point.dist.name if point.dist else "?"
    try:
        return Extension(point.name, distribution, point.load())
    except Exception as error:
        raise ExtensionError(
            f"The entry point {point.name} = {point.value} of {distribution} (group {point.group}) can't be loaded: "
            f"{error!r}. Upgrade or uninstall {distribution}."
        ) from error


@cache
def _priority(distribution: str) -> int:
    if distribution == OURS:
        return 0
    for point in entry_points(group="diracx_bridge", name="priority"):
        if point.dist and point.dist.name == distribution:
            return int(point.load())
    return 10

"""Changes of others that are kept: laid over every conversion, and written down where they can be read and taken back.

An overlay is a list of entries, each a typed path with the value that it shall have, or none when it shall be absent.
It lives in ``overlay.yml`` beside the configuration, in the same commits, so that neither can be there without the
other; DiracX does not look at that file. Whoever edits it there changes what is laid over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

__all__ = ["ABSENT", "FILE", "Overlay", "apply", "as_list", "changes", "from_list", "merged"]

FILE: Final = "overlay.yml"


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
"""The value of a path that shall not be there."""
Overlay = Mapping[tuple[str, ...], Any]
"""Typed path -> value, or `ABSENT`."""


def changes(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What makes ``after`` out of ``before``: the paths that differ, as deep as both are mappings."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}, key=str):
            yield from changes(before.get(name, ABSENT), after.get(name, ABSENT), (*path, str(name)))
    elif before is ABSENT or after is ABSENT or before != after:
        yield path, after


def apply(overlay: Overlay, content: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """``content`` with the overlay laid over it, and the paths at which that made a difference.

    Sections that a value needs are made; what is absent already is no difference.
    """
    if not overlay:
        return content, []
    result = deepcopy(content)
    touched = []
    for path, value in overlay.items():
        holder: Any = result
        for name in path[:-1]:
            if not isinstance(holder.get(name), dict):
                if value is ABSENT:
                    break
                holder[name] = {}
            holder = holder[name]
        else:
            if value is ABSENT:
                if path[-1] in holder:
                    del holder[path[-1]]
                    touched.append(path)
            elif path[-1] not in holder or holder[path[-1]] != value:
                holder[path[-1]] = deepcopy(value)
                touched.append(path)
    return result, touched


def merged(first: Overlay, second: Overlay) -> dict[tuple[str, ...], Any]:
    """Both; where they speak of the same path, or one of a part of the other, the second wins."""
    kept = {
        path: value
        for path, value in first.items()
        if not any(path[: len(other)] == other or other[: len(path)] == path for other in second)
    }
    return {**kept, **second}


def as_list(overlay: Overlay) -> list[dict[str, Any]]:
    """For YAML: ``path`` and ``value``, or ``absent: true``."""
    return [
        {"path": list(path), **({"absent": True} if value is ABSENT else {"value": value})}
        for path, value in sorted(overlay.items())
    ]


def from_list(entries: Any) -> dict[tuple[str, ...], Any]:
    """The overlay that `as_list` wrote, or somebody edited; entries of another form are left out."""
    found: dict[tuple[str, ...], Any] = {}
    for entry in entries if isinstance(entries, list) else []:
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, list) and path and all(isinstance(name, str) for name in path):
            found[tuple(path)] = ABSENT if entry.get("absent") else entry.get("value")
    return found

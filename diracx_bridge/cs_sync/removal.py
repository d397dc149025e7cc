"""Takes parts of a conversion out again, with all that depends on them, and accounts for their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diracx_bridge.cs_sync.account import TypedPath
from diracx_bridge.cs_sync.last_good import value as last_value

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.converter import Conversion

__all__ = ["remove"]


def remove(
    conversion: Conversion, paths: set[TypedPath], reason: str, kept: frozenset[TypedPath] = frozenset()
) -> None:
    """Take out the values or sections at ``paths``; those in ``kept`` get what was published last instead.

    A VO (`Registry/<vo>`) takes its Operations with it, a user the memberships.
    """
    for path in paths:
        places = [path, ("Operations", path[1])] if path[0] == "Registry" and len(path) == 2 else [path]
        for place in places:
            found: Any = conversion.content
            for name in place[:-1]:
                found = found.get(name, {})
            if path in kept:
                found[place[-1]] = last_value(conversion.plan, place)
            else:
                found.pop(place[-1], None)
        if len(places) > 1:
            conversion.plan.vos.pop(path[1], None)
    for vo in conversion.content["Registry"].values():
        for group in vo["Groups"].values():
            group["Users"] = [subject for subject in group["Users"] if subject in vo["Users"]]
    gone = paths | {("Operations", path[1]) for path in paths if path[0] == "Registry" and len(path) == 2}
    for option, outcome in list(conversion.account.outcomes.items()):
        left = tuple(target for target in outcome.targets if not _is_below(target, gone))
        if outcome.targets and not left:
            conversion.account.dropped(option, reason)
        elif len(left) < len(outcome.targets):
            conversion.account.converted(option, left)
    for origin in [origin for origin in conversion.origins if _is_below(origin, gone)]:
        del conversion.origins[origin]


def _is_below(path: TypedPath, tops: set[TypedPath]) -> bool:
    return any(path[:length] in tops for length in range(1, len(path) + 1))

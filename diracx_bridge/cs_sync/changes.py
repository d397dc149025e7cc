"""What is different between two typed configurations, VO by VO, in the words of the field; sets have no order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

__all__ = ["Change", "typed_diff"]

SHOWN: Final = 10
"""So many names are shown of a longer list."""
_SETS: Final = frozenset({"Users", "Properties", "DNs", "Suspended"})
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``vo`` is empty for what is common to all; ``names`` are the users, groups or options meant.

    ``action`` is `added`, `removed` or `changed`; ``path`` the typed path of the section or value.
    """

    vo: str
    action: str
    path: str
    names: tuple[str, ...]
    text: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"names": list(self.names)}


def typed_diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The changes that lead from one typed configuration (as in ``default.yml``) to the other, in a fixed order."""
    old, new = _section(before, "Registry"), _section(after, "Registry")
    found: list[Change] = []
    for vo in sorted(old.keys() | new.keys()):
        if vo not in new:
            found.append(Change(vo, "removed", f"Registry/{vo}", (vo,), f"VO {vo} removed"))
        elif vo not in old:
            counts = f"{len(_section(new[vo], 'Users'))} users, {len(_section(new[vo], 'Groups'))} groups"
            found.append(Change(vo, "added", f"Registry/{vo}", (vo,), f"VO {vo} added: {counts}"))
        else:
            found += _registry(vo, old[vo], new[vo])
    for name in sorted({*before, *after} - {"Registry"}):
        found += _values(before.get(name, _ABSENT), after.get(name, _ABSENT), name)
    return sorted(found, key=lambda change: change.vo)


def _section(holder: Any, name: str) -> Mapping[str, Any]:
    found = holder.get(name) if isinstance(holder, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _registry(vo: str, before: Any, after: Any) -> Iterator[Change]:
    path = f"Registry/{vo}"
    old_users, new_users = _by_name(before), _by_name(after)
    yield from _members(vo, "users", "", set(old_users), set(new_users), f"{path}/Users")
    for user in sorted(old_users.keys() & new_users.keys()):
        (old_subject, old_user), (new_subject, new_user) = old_users[user], new_users[user]
        if old_subject != new_subject:
            text = f"user {user} has another subject"
            yield Change(vo, "changed", f"{path}/Users/{new_subject}", (user,), text)
        yield from _values(old_user, new_user, f"{path}/Users/{new_subject}", f"user {user}: ")
    old_groups, new_groups = _section(before, "Groups"), _section(after, "Groups")
    yield from _members(vo, "groups", "", set(old_groups), set(new_groups), f"{path}/Groups")
    names = {user[0]: name for users in (old_users, new_users) for name, user in users.items()}
    for group in sorted(old_groups.keys() & new_groups.keys()):
        old, new = old_groups[group], new_groups[group]
        was, now = ({names.get(s, s) for s in _listed(g, "Users")} for g in (old, new))
        yield from _members(vo, "users", group, was, now, f"{path}/Groups/{group}/Users")
        yield from _values(_without(old, "Users"), _without(new, "Users"), f"{path}/Groups/{group}", f"group {group}: ")
    yield from _values(_without(before, "Users", "Groups"), _without(after, "Users", "Groups"), path)


def _without(section: Any, *names: str) -> Any:
    return {k: v for k, v in section.items() if k not in names} if isinstance(section, Mapping) else section


def _by_name(registry: Any) -> dict[str, tuple[str, Any]]:
    """User name -> subject and user."""
    users = _section(registry, "Users").items()
    return {str(_option(user, "PreferedUsername", subject)): (subject, user) for subject, user in users}


def _option(section: Any, name: str, default: Any) -> Any:
    return section.get(name, default) if isinstance(section, Mapping) else default


def _listed(section: Any, name: str) -> list[str]:
    found = _option(section, name, [])
    return found if isinstance(found, list) else []


def _members(vo: str, what: str, group: str, before: set[str], after: set[str], path: str) -> Iterator[Change]:
    for action, names, preposition in (("added", after - before, "to"), ("removed", before - after, "from")):
        if names:
            where = f" {preposition} {group}" if group else ""
            count = f"{len(names)} {what if len(names) != 1 else what[:-1]}"
            yield Change(vo, action, path, tuple(sorted(names)), f"{count} {action}{where}: {_shown(sorted(names))}")


def _values(before: Any, after: Any, path: str, about: str = "") -> Iterator[Change]:
    """Differences of two values or sections, at any depth. Texts are not shown, they may be private."""
    waiting = [(before, after, path)]
    while waiting:
        old, new, here = waiting.pop()
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            keys = sorted({*old, *new}, reverse=True)
            waiting += [(old.get(key, _ABSENT), new.get(key, _ABSENT), f"{here}/{key}") for key in keys]
        elif not _equal(old, new, here.rpartition("/")[2]):
            action = "added" if old is _ABSENT else "removed" if new is _ABSENT else "changed"
            name = here[len(path) + 1 :] if about else here
            text = f"{about}{name or path} {action}{_detail(old, new, here.rpartition('/')[2])}"
            yield Change(_vo_of(here), action, here, (name or path,), text)


def _detail(old: Any, new: Any, name: str) -> str:
    """What is different, of numbers, flags and properties."""
    if all(isinstance(value, int | float) for value in (old, new)):
        return f" from {_plain(old)} to {_plain(new)}"
    if name == "Properties" and isinstance(old, list) and isinstance(new, list):
        was, now = set(map(str, old)), set(map(str, new))
        gone, more = sorted(was - now), sorted(now - was)
        return ": " + ", ".join([*(f"+{each}" for each in more), *(f"-{each}" for each in gone)])
    return f" as {_plain(new)}" if isinstance(new, int | float) else ""


def _plain(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:.15g}"


def _equal(old: Any, new: Any, name: str) -> bool:
    if isinstance(old, list) and isinstance(new, list) and name in _SETS:
        return sorted(map(str, old)) == sorted(map(str, new))
    return type(old) is type(new) and bool(old == new)


def _vo_of(path: str) -> str:
    parts = path.split("/")
    return parts[1] if parts[0] in ("Registry", "Operations") and len(parts) > 1 and parts[1] != "Defaults" else ""


def _shown(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")

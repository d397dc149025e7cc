"""What a token is asked for, and what its owner may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidGrant, PermissionDenied
from diracx_bridge.core.properties import known_properties
from diracx_bridge.services.auth.tokens import Identity

LONGEST: Final = 1024
"""Characters of a scope: the size of the columns that keep it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope taken apart; ``properties`` empty means: those of the group."""

    vo: str
    group: str
    properties: frozenset[str]


def parse_scope(scope: str, config: Config) -> Scope:
    """The parts of ``vo:<vo> [group:<group>] [property:<property> ...]``.

    Raises:
        InvalidGrant: another part, not exactly one VO, more than one group, a name that nobody knows, or too long.
    """
    if len(scope) > LONGEST:
        raise _invalid(f"The scope is longer than {LONGEST} characters")
    parts: dict[str, list[str]] = {"vo": [], "group": [], "property": []}
    unknown = []
    for part in scope.split(" "):
        kind, colon, value = part.partition(":")
        if colon and kind in parts:
            parts[kind].append(value)
        else:
            unknown.append(part)
    if unknown:
        raise _invalid(f"Unrecognised scopes: {unknown}")
    vos, groups = sorted(set(parts["vo"])), sorted(set(parts["group"]))
    if not vos:
        available = " ".join(repr(f"vo:{vo}") for vo in sorted(config.registry))
        raise _invalid(f"No vo scope requested, available values: {available}")
    if len(vos) > 1:
        raise _invalid(f"Only one vo is allowed but got {vos}")
    (vo,) = vos
    registry = config.registry.get(vo)
    if registry is None:
        raise _invalid(f"VO {vo} is not known to this installation")
    if len(groups) > 1:
        raise _invalid(f"Only one DIRAC group allowed but got {groups}")
    group = groups[0] if groups else registry.default_group
    if group not in registry.groups:
        raise _invalid(f"{group} not in {vo} groups")
    properties = frozenset(parts["property"])
    if strangers := properties - known_properties():
        raise _invalid(f"{set(strangers)} are not valid properties")
    return Scope(vo, group, properties)


def identify(scope: Scope, subject: str, config: Config) -> Identity:
    """The user with this subject at the identity provider, with the rights that the scope asks for.

    Properties that are asked for replace those of the group; they may come from any group of the user in the VO.

    Raises:
        PermissionDenied: no user of the VO, not a member of the group, suspended, or asking for properties that none
            of his groups has.
    """
    registry = config.registry[scope.vo]
    user = registry.users.get(subject)
    if user is None:
        raise PermissionDenied(f"VO {scope.vo} has no user with the subject {subject!r:.200}; ask its administrators")
    name = user.prefered_username
    if scope.vo in user.suspended:
        raise PermissionDenied(f"User {name} is suspended in VO {scope.vo}; ask the administrators of the VO")
    group = registry.groups[scope.group]
    if subject not in group.users:
        raise PermissionDenied(f"User is not a member of the requested group ({name}, {scope.group})")
    allowed = {p for g in registry.groups.values() if subject in g.users for p in g.properties}
    if denied := scope.properties - allowed:
        raise PermissionDenied(
            f"{' '.join(sorted(denied))} are not valid properties for user {name}, "
            f"available values: {' '.join(sorted(allowed))}"
        )
    return Identity(
        sub=f"{scope.vo}:{subject}",
        preferred_username=name,
        vo=scope.vo,
        group=scope.group,
        properties=scope.properties or group.properties,
    )


def _invalid(message: str) -> InvalidGrant:
    return InvalidGrant("invalid_scope", message)

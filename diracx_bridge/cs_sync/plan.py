"""Who goes where: VOs that move, groups of each, subject of each user. Decided once, before options are converted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from diracx_bridge.cs_sync.policy import NO_POLICY, Choice, Policy
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.tree import Node, Option, Section, path_of

__all__ = ["Gaps", "Plan", "VoPlan"]


@dataclass(slots=True, eq=False)
class VoPlan:
    """One VO that is converted. ``users`` maps legacy names to subjects; ``groups`` lists its groups.

    ``held`` are the users and groups that are broken, and keep what was published last.
    """

    name: str
    section: Section
    default_group: str = ""
    groups: list[str] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    held: set[tuple[str, str]] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Gaps:
    """Who could not be taken along: lists for people to work through. Of users, those of each VO that is converted."""

    users_without_subject: dict[str, list[str]] = field(default_factory=dict)
    groups_without_vo: list[str] = field(default_factory=list)
    vos_without_idp: list[str] = field(default_factory=list)
    vos_not_described: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Each list as a line."""
        for vo, users in self.users_without_subject.items():
            yield f"Users of VO {vo} without subject: {', '.join(users)}"
        for title, names in (
            ("Groups without VO", self.groups_without_vo),
            ("VOs without identity provider", self.vos_without_idp),
            ("VOs that are not described", self.vos_not_described),
        ):
            if names:
                yield f"{title}: {', '.join(names)}"


@dataclass(slots=True, eq=False)
class Plan:
    """What is converted to where, and why the rest is not.

    ``left_out`` gives the reason for a VO, group or user that goes nowhere, under ``("vo" | "group" | "user", name)``.
    ``registered`` are the users of the legacy registry.
    ``faulty`` holds those that would go somewhere but for a fault of their own: they are looked through all the same.
    ``previous`` is what was published last, ``policy`` what the installation has decided;
    ``broken_vos`` are converted for their faults only; ``held_vos`` could not be, and keep what was published last.
    """

    vos: dict[str, VoPlan] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    registered: Mapping[str, Section] = field(default_factory=dict)
    left_out: dict[tuple[str, str], str] = field(default_factory=dict)
    faulty: set[tuple[str, str]] = field(default_factory=set)
    previous: Previous = NOTHING
    policy: Policy = NO_POLICY
    personal_data: bool = True
    spelled: dict[str, str] = field(default_factory=dict)
    gaps: Gaps = field(default_factory=Gaps)
    broken_vos: list[str] = field(default_factory=list)
    held_vos: list[str] = field(default_factory=list)

    def other_spelling(self, user: str) -> str:
        """The registered user whose name differs from ``user`` in capitals only; empty if there is none."""
        if not self.spelled:
            self.spelled = {name.lower(): name for name in self.registered}
        return self.spelled.get(user.lower(), "")

    def chosen(self, code: str, entry: Node) -> Choice | None:
        """What the policy says about a finding of ``code`` on a legacy entry."""
        return self.policy.choice(code, path_of(entry)) if self.policy.choices else None

    def leave_out_vo(self, name: str, reason: str) -> None:
        """Let a VO go nowhere; what stands in it is looked through all the same."""
        self.left_out["vo", name] = reason
        self.broken_vos.append(name)

    def targets(self, names: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
        """The values of ``{vo}``, ``{subject}`` ... for an option whose pattern knows ``names``; none: left out."""
        names = names or {}
        if "user" in names:
            wanted = [self.vos[names["vo"]]] if names.get("vo") in self.vos else []
            for vo in wanted if "vo" in names else self.vos.values():
                if names["user"] in vo.users:
                    yield {**names, "vo": vo.name, "subject": vo.users[names["user"]]}
        elif "group" in names:
            for vo_name in self.groups.get(names["group"], ()):
                yield {**names, "vo": vo_name}
        elif "layer" in names:
            if names["layer"] == "Defaults" or names["layer"] in self.vos:
                yield {**names}
        elif "vo" in names:
            if names["vo"] in self.vos:
                yield {**names}
        else:
            for vo_name in self.vos:
                yield {**names, "vo": vo_name}

    def why_not(self, names: dict[str, str]) -> str:
        """Why `targets` has nothing for ``names``; without names of users and groups, so that it can be counted."""
        for kind in ("user", "group", "vo", "layer"):
            if kind in names:
                name = names[kind]
                reason = self.left_out.get(("vo" if kind == "layer" else kind, name))
                if kind in ("user", "group"):
                    return reason or f"{kind} of no VO that is converted"
                return reason or f"VO {name} is not converted"
        return "no VO is converted"


def unquoted(text: str) -> str:
    """``text`` without quotes round it, which CFG does not have."""
    quoted = len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]
    return text[1:-1].strip() if quoted else text


def listed(option: Option | None) -> list[str]:
    """The names in a list option; empty when it is absent."""
    return [part.text for part in option.items()] if option else []

"""Finds the users of a VO: members of its groups who have a subject, and what is wrong with the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.plan import Plan, VoPlan, listed, unquoted
from diracx_bridge.cs_sync.policy import Choice
from diracx_bridge.cs_sync.tree import Option, Section

__all__ = ["add_users"]

_NONE = Section()
_REASONS = {
    "subject-dangling": "user who is not in /Registry/Users, VO",
    "subject-empty": "user with an empty subject in VO",
    "subject-shared": "user with the subject of another in VO",
    "user-no-dn": "user without DN in VO",
    "user-suspended": "user who is suspended in VO",
    "user-without-group": "user who is in no group of VO",
    "": "user without subject in VO",
}
"""Code -> why options of such users go nowhere; without names, so that they can be counted."""
_MAY_BE_HELD = frozenset({"subject-empty", "subject-shared", "subject-dangling"})


@dataclass(slots=True)
class _Candidates:
    """What is needed to judge a line of UserSubjects.

    ``members`` of the VO's groups, all subjects ``given``, the entries of the registry, who was ``named`` first with a
    subject, and the ``owners`` of those that were taken.
    """

    members: dict[str, None]
    given: set[str]
    options: Section
    named: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)


def add_users(vo: VoPlan, root: Section, plan: Plan, findings: Findings) -> None:
    """Fill ``vo.users``; what is amiss with users is added to ``findings``."""
    groups = root.section("Registry", "Groups") or _NONE
    subjects = vo.section.section("UserSubjects") or _NONE
    held = [name for kind, name in vo.held if kind == "Groups"]
    members = dict.fromkeys(name for group in vo.groups for name in listed(groups.option(group, "Users")))
    before = plan.previous.subjects(vo.name)
    by_subject = {subject: name for name, subject in before.items()}
    for group in held:
        found = plan.previous.section("Registry", vo.name, "Groups", group).get("Users", ())
        members |= dict.fromkeys(by_subject[subject] for subject in found if subject in by_subject)
    registry = root.section("Registry", "Users") or _NONE
    candidates = _Candidates(members, {unquoted(option.value) for option in subjects.options()}, registry)
    for option in subjects.options():
        _add_user(option, vo, plan, candidates, before, findings)
    waiting = [name for name in members if name in plan.registered and not subjects.option(name)]
    for name in waiting:
        plan.left_out.setdefault(("user", name), f"{_REASONS['']} {vo.name}")
    if waiting:
        plan.gaps.users_without_subject[vo.name] = waiting
        message = f"{len(waiting)} member(s) of VO {vo.name} have no subject: {_shown(waiting)}"
        place = subjects if subjects is not _NONE else vo.section
        findings.add("members-without-subject", message, at=place)
    _look_at_registered(vo, plan, findings)
    if not vo.users:
        findings.add("vo-empty", f"VO {vo.name} has no user", at=vo.section)
        if plan.chosen("vo-empty", vo.section) is Choice.DROP:
            plan.leave_out_vo(vo.name, f"VO {vo.name} has no user")


def _shown(names: list[str]) -> str:
    return ", ".join(names[:10]) + (" ..." if len(names) > 10 else "")


def _add_user(
    option: Option,
    vo: VoPlan,
    plan: Plan,
    candidates: _Candidates,
    before: dict[str, str],
    findings: Findings,
) -> None:
    name, subject = option.name, unquoted(option.value)
    if subject != option.value:
        findings.add("value-quoted", f"The subject of {name} is quoted: the quotes are removed", at=option)
    first = candidates.named.setdefault(subject, name)
    code, message = _what_is_wrong(option, vo, plan, candidates)
    shared = first != name and subject not in ("", "None")
    if shared and code != "subject-shared":  # nobody has it yet, so it does no harm
        findings.add("subject-shared", f"User {name} has the subject of {first} in VO {vo.name}", at=option, kept=True)
    if code == "user-without-group" and plan.chosen(code, option) is Choice.KEEP:
        findings.add(code, message, at=option)
    elif code:
        subject = _last_good(option, code, candidates, before)
        similar = plan.other_spelling(name)
        hint = f"Do you mean {similar}?" if code == "subject-dangling" and similar else ""
        typed = f"Registry/{vo.name}/Users/{unquoted(option.value)}".rstrip("/")
        findings.add(code, message, at=option, typed_path=typed, remedy=hint, held=bool(subject))
        if not subject:
            plan.left_out.setdefault(("user", name), f"{_REASONS[code]} {vo.name}")
            plan.faulty.add(("user", name))
            return
        if code == "subject-dangling":
            vo.held.add(("Users", name))
    candidates.owners[subject] = name
    vo.users[name] = subject


def _what_is_wrong(option: Option, vo: VoPlan, plan: Plan, candidates: _Candidates) -> tuple[str, str]:
    """Code and message for a line of UserSubjects that can't be taken; two empty strings when it can."""
    user, subject = option.name, unquoted(option.value)
    if not subject or subject == "None":
        return "subject-empty", f"User {user} has an empty subject in VO {vo.name}"
    if user not in plan.registered:
        return "subject-dangling", f"User {user} of VO {vo.name} is not in /Registry/Users"
    if subject in candidates.owners:
        return "subject-shared", f"User {user} has the subject of {candidates.owners[subject]} in VO {vo.name}"
    if user not in candidates.members:
        return "user-without-group", f"User {user} is in no group of VO {vo.name}"
    return "", ""


def _last_good(option: Option, code: str, candidates: _Candidates, before: dict[str, str]) -> str:
    """The subject that a member with a broken entry had, if nobody else has it now; else empty."""
    name = option.name
    if code not in _MAY_BE_HELD or name not in candidates.members or name not in before:
        return ""
    if code == "subject-dangling":  # who was removed is removed; only an entry that became an option is broken
        is_broken = candidates.options.option(name) is not None
        return before[name] if is_broken and unquoted(option.value) == before[name] else ""
    taken = before[name] in candidates.given or before[name] in candidates.owners
    return "" if taken else before[name]


def _look_at_registered(vo: VoPlan, plan: Plan, findings: Findings) -> None:
    suspended: list[str] = []
    described = vo.section.section("UserSubjects") or _NONE
    for name in dict.fromkeys([*vo.users, *(option.name for option in described.options())]):
        user = plan.registered.get(name)
        if user is None:
            continue
        if user.option("DN") is None:
            typed = f"Registry/{vo.name}/Users/{vo.users[name]}/DNs" if name in vo.users else ""
            findings.add("user-no-dn", f"User {name} has no DN", at=user, typed_path=typed)
            if plan.chosen("user-no-dn", user) is Choice.DROP:
                _remove(name, vo, plan, "user-no-dn")
        if name in vo.users and vo.name in listed(user.option("Suspended")):
            suspended.append(name)
            if plan.chosen("user-suspended", user) is Choice.DROP:
                _remove(name, vo, plan, "user-suspended")
    if suspended:
        message = f"{len(suspended)} user(s) are suspended in VO {vo.name}: {_shown(suspended)}"
        findings.add("user-suspended", message, at=vo.section)


def _remove(name: str, vo: VoPlan, plan: Plan, code: str) -> None:
    vo.users.pop(name, None)
    plan.left_out.setdefault(("user", name), f"{_REASONS[code]} {vo.name}")

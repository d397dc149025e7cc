"""Makes the plan: which VOs move, which groups and users they have, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterable

from diracx_bridge.core.properties import NORMAL_USER
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.plan import Plan, VoPlan, listed
from diracx_bridge.cs_sync.tree import Node, Option, Section
from diracx_bridge.cs_sync.values import BadValue, read_issuer

__all__ = ["make_plan"]

_NONE = Section()


def make_plan(root: Section, findings: Findings) -> Plan:
    """Who goes where, from `/DiracX/CsSync/VOs` and `/Registry`; everything amiss is added to ``findings``."""
    plan = Plan(registered={user.name: user for user in (root.section("Registry", "Users") or _NONE).sections()})
    described = root.section("DiracX", "CsSync", "VOs") or _NONE
    for section in described.sections():
        _add_vo(section, plan, findings)
    for group in (root.section("Registry", "Groups") or _NONE).sections():
        _add_group(group, root, plan, findings)
    _name_unmigrated(root, plan, findings)
    for vo in list(plan.vos.values()):
        _add_users(vo, root, plan, findings)
        _choose_default_group(vo, root, plan, findings)
    if not plan.vos:
        place = _nearest(root, "DiracX", "CsSync", "VOs")
        count = sum(1 for _ in described.sections())
        message = f"None of the {count} VOs can be converted" if count else "/DiracX/CsSync/VOs describes no VO"
        findings.add("vos-missing", message, at=place, path="/DiracX/CsSync/VOs")
    _refuse_cut_files(root, plan, findings)
    return plan


def _add_vo(section: Section, plan: Plan, findings: Findings) -> None:
    name = section.name
    reason = ""
    url, client = section.option("IdP", "URL"), section.option("IdP", "ClientID")
    if name == "Defaults":
        reason = "a VO can't be called Defaults"
        findings.add("vo-reserved-name", f"VO {name}: {reason}", at=section)
    elif url is None or client is None or not client.value:
        reason = f"VO {name} has no IdP/{'URL' if url is None else 'ClientID'}"
        findings.add("vo-without-idp", reason, at=section.section("IdP") or section)
    else:
        try:
            read_issuer(url)
        except BadValue as error:
            reason = f"VO {name}: {error}"
            findings.add(error.code, reason, at=url)
    if reason:
        plan.left_out["vo", name] = reason
    else:
        plan.vos[name] = VoPlan(name, section)


def _add_group(group: Section, root: Section, plan: Plan, findings: Findings) -> None:
    option = group.option("VO")
    vos = listed(option)
    if len(vos) > 1:
        findings.add("group-vo-list", f"Group {group.name} belongs to {', '.join(vos)}", at=option)
    if not vos:
        vos = listed(root.option("DIRAC", "VirtualOrganization"))[:1]
        for vo in vos:
            findings.add("group-default-vo", f"Group {group.name} names no VO, and so belongs to {vo}", at=group)
    if not vos:
        plan.left_out["group", group.name] = f"group {group.name} has no VO"
        plan.faulty.add(("group", group.name))
        findings.add("group-without-vo", f"Group {group.name} has no VO", at=group)
    wanted = [vo for vo in dict.fromkeys(vos) if vo in plan.vos]
    for vo in vos:
        if vo in plan.vos:
            continue
        plan.left_out["group", group.name] = f"VO {vo} of group {group.name} is not converted"
        similar = _other_case(vo, plan.vos)
        if similar:
            message = f"Group {group.name} belongs to VO {vo}, /DiracX/CsSync/VOs has {similar}"
            findings.add("vo-name-case", message, at=option or group)
    if not wanted:
        _require_parts(group, findings, converted=False)
        return
    plan.groups[group.name] = wanted
    for vo in wanted:
        plan.vos[vo].groups.append(group.name)
    _require_parts(group, findings, converted=True)


def _require_parts(group: Section, findings: Findings, *, converted: bool) -> None:
    """Report what DiracX requires of a group; of one that goes nowhere only because its VO is missing, too."""
    if not converted and group.option("VO"):
        return
    for name, code in (("Users", "group-without-users"), ("Properties", "group-without-properties")):
        if group.option(name) is None:
            findings.add(code, f"Group {group.name} has no {name}", at=group)


def _name_unmigrated(root: Section, plan: Plan, findings: Findings) -> None:
    places: dict[str, Node] = {vo.name: vo for vo in (root.section("Registry", "VO") or _NONE).sections()}
    for group in (root.section("Registry", "Groups") or _NONE).sections():
        option = group.option("VO")
        for vo in listed(option):
            if option:
                places.setdefault(vo, option)
    for vo, place in places.items():
        if vo in plan.vos or ("vo", vo) in plan.left_out:
            continue
        plan.left_out["vo", vo] = f"VO {vo} is not migrated"
        similar = _other_case(vo, plan.vos)
        if similar and isinstance(place, Section):
            findings.add("vo-name-case", f"VO {vo} is called {similar} in /DiracX/CsSync/VOs", at=place)
        elif not similar:
            findings.add("vo-not-migrated", f"VO {vo} is not described in /DiracX/CsSync/VOs", at=place)


def _add_users(vo: VoPlan, root: Section, plan: Plan, findings: Findings) -> None:
    groups = root.section("Registry", "Groups") or _NONE
    members = dict.fromkeys(name for group in vo.groups for name in listed(groups.option(group, "Users")))
    subjects = vo.section.section("UserSubjects")
    owners: dict[str, str] = {}
    spelled = {name.lower(): name for name in plan.registered}
    for option in subjects.options() if subjects else ():
        code, message = _what_is_wrong(option, vo, plan, members, owners)
        if code:
            plan.left_out.setdefault(("user", option.name), message)
            similar = spelled.get(option.name.lower())
            hint = f"Do you mean {similar}?" if code == "subject-dangling" and similar else ""
            findings.add(code, message, at=option, remedy=hint)
        else:
            owners[option.value] = option.name
            vo.users[option.name] = option.value
    waiting = [name for name in members if name in plan.registered and not (subjects and subjects.option(name))]
    for name in waiting:
        plan.left_out.setdefault(("user", name), f"user {name} has no subject in VO {vo.name}")
    if waiting:
        shown = ", ".join(waiting[:10]) + (" ..." if len(waiting) > 10 else "")
        message = f"{len(waiting)} member(s) of VO {vo.name} have no subject: {shown}"
        findings.add("members-without-subject", message, at=subjects or vo.section)
    for name in vo.users:
        user = plan.registered[name]
        if user.option("DN") is None:
            findings.add("user-no-dn", f"User {name} has no DN", at=user)
    if not vo.users:
        findings.add("vo-empty", f"VO {vo.name} has no user", at=vo.section)


def _what_is_wrong(
    option: Option, vo: VoPlan, plan: Plan, members: dict[str, None], owners: dict[str, str]
) -> tuple[str, str]:
    """Code and message for a line of UserSubjects that can't be taken; two empty strings when it can."""
    user, subject = option.name, option.value
    if not subject or subject == "None":
        return "subject-empty", f"User {user} has an empty subject in VO {vo.name}"
    if user not in plan.registered:
        return "subject-dangling", f"User {user} of VO {vo.name} is not in /Registry/Users"
    if subject in owners:
        return "subject-shared", f"User {user} has the subject of {owners[subject]} in VO {vo.name}"
    if user not in members:
        return "user-without-group", f"User {user} is in no group of VO {vo.name}"
    return "", ""


def _choose_default_group(vo: VoPlan, root: Section, plan: Plan, findings: Findings) -> None:
    option = vo.section.option("DefaultGroup")
    wanted = listed(option)
    existing = [group for group in wanted if group in vo.groups]
    if existing:
        vo.default_group = existing[0]
        if len(wanted) > 1:
            findings.add("default-group-list", f"VO {vo.name} gets {existing[0]} of {', '.join(wanted)}", at=option)
        return
    substitute = _substitute_group(vo, root)
    named = ", ".join(wanted) or "nothing"
    vo.default_group = substitute or (wanted[0] if wanted else "")
    if substitute:
        message = f"DefaultGroup of VO {vo.name} names {named}, which it does not have; {substitute} is taken"
        findings.add("default-group-unknown", message, at=option or vo.section)
    elif wanted and vo.groups:
        message = f"DefaultGroup of VO {vo.name} names {named}; it has {', '.join(vo.groups)}"
        findings.add("default-group-dangling", message, at=option)
    elif not wanted:
        plan.left_out["vo", vo.name] = f"VO {vo.name} has no default group"
        findings.add("default-group-missing", f"VO {vo.name} has no DefaultGroup", at=vo.section)
        del plan.vos[vo.name]
        plan.groups = {group: [name for name in vos if name != vo.name] for group, vos in plan.groups.items()}


def _substitute_group(vo: VoPlan, root: Section) -> str:
    """The group that legacy takes for the VO, or the first whose members are nothing but users; else empty."""
    legacy = listed(root.option("Registry", "VO", vo.name, "DefaultGroup"))
    legacy += listed(root.option("Registry", "DefaultGroup"))
    groups = root.section("Registry", "Groups") or _NONE
    plain = [name for name in sorted(vo.groups) if listed(groups.option(name, "Properties")) == [NORMAL_USER]]
    return next((name for name in legacy + plain if name in vo.groups), "")


def _refuse_cut_files(root: Section, plan: Plan, findings: Findings) -> None:
    subjects = sum(len((vo.section.section("UserSubjects") or _NONE).entries) for vo in plan.vos.values())
    if subjects and not any((root.section("Registry", "Groups") or _NONE).sections()):
        place = _nearest(root, "Registry", "Groups")
        message = f"There is no group at all, but {subjects} subject(s) for users"
        findings.add("registry-incomplete", message, at=place, path="/Registry/Groups")


def _nearest(root: Section, *names: str) -> Section:
    """The deepest section on the way to ``names`` that exists."""
    found = root
    for name in names:
        found = found.section(name) or found
    return found


def _other_case(name: str, names: Iterable[str]) -> str:
    """The one of ``names`` that differs from ``name`` in capitals only; else empty."""
    return next((other for other in names if other.lower() == name.lower() and other != name), "")

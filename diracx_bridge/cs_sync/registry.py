"""Makes the plan: which VOs move, which groups and users they have, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterable

from diracx_bridge.core.properties import NORMAL_USER
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.members import add_users
from diracx_bridge.cs_sync.plan import Plan, VoPlan, listed, unquoted
from diracx_bridge.cs_sync.policy import Choice
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.tree import Node, Option, Section
from diracx_bridge.cs_sync.values import BadValue, read_issuer

__all__ = ["make_plan"]

_NONE = Section()


def make_plan(root: Section, findings: Findings, previous: Previous = NOTHING) -> Plan:
    """Who goes where, from `/DiracX/CsSync/VOs` and `/Registry`; everything amiss is added to ``findings``."""
    plan = Plan(
        registered={user.name: user for user in (root.section("Registry", "Users") or _NONE).sections()},
        previous=previous,
        policy=findings.policy,
    )
    described = root.section("DiracX", "CsSync", "VOs") or _NONE
    for section in described.sections():
        _add_vo(section, plan, findings)
    plan.held_vos = [option.name for option in described.options() if previous.section("Registry", option.name)]
    groups = root.section("Registry", "Groups") or _NONE
    for group in groups.sections():
        _add_group(group, root, plan, findings)
    _hold_groups(groups, plan)
    _name_unmigrated(root, plan, findings)
    for vo in plan.vos.values():
        add_users(vo, root, plan, findings)
        _choose_default_group(vo, root, plan, findings)
    if set(plan.vos) <= set(plan.broken_vos) and not plan.held_vos:
        place = _nearest(root, "DiracX", "CsSync", "VOs")
        count = sum(1 for _ in described.sections())
        message = f"None of the {count} VOs can be converted" if count else "/DiracX/CsSync/VOs describes no VO"
        findings.add("vos-missing", message, at=place, path="/DiracX/CsSync/VOs")
    _refuse_cut_files(root, plan, findings)
    return plan


def _add_vo(section: Section, plan: Plan, findings: Findings) -> None:
    name = section.name
    if name == "Defaults":
        findings.add("vo-reserved-name", "A VO can't be called Defaults", at=section)
        plan.left_out["vo", name] = "a VO can't be called Defaults"
        return
    plan.vos[name] = VoPlan(name, section)
    identity = {key: section.option("IdP", key) for key in ("URL", "ClientID")}
    before = plan.previous.section("Registry", name, "IdP")
    bad = [key for key, option in identity.items() if option is None or not option.value]
    if bad:
        plan.gaps.vos_without_idp.append(name)
    missing = [key for key, option in identity.items() if option is None]
    if missing:  # what is there, but wrong, is reported where it is converted
        message = f"VO {name} has no IdP/{' and no IdP/'.join(missing)}"
        held = all(before.get(key) for key in missing)
        place = section.section("IdP") or section
        findings.add("vo-without-idp", message, at=place, typed_path=f"Registry/{name}/IdP", held=held)
    url = identity["URL"]
    if url and url.value and not _is_usable(url, plan):
        bad.append("URL")
    if not all(before.get(key) for key in bad):
        plan.leave_out_vo(name, f"VO {name} has no identity provider that can be taken")


def _is_usable(url: Option, plan: Plan) -> bool:
    try:
        complaints = {said.code for said in read_issuer(url).complaints}
    except BadValue:
        return False
    return not ("idp-url-http" in complaints and plan.chosen("idp-url-http", url) is Choice.DROP)


def _add_group(group: Section, root: Section, plan: Plan, findings: Findings) -> None:
    option = group.option("VO")
    vos = listed(option)
    unwanted = ""
    if len(vos) > 1:
        findings.add("group-vo-list", f"Group {group.name} belongs to {', '.join(vos)}", at=option)
        unwanted = "group-vo-list"
    if not vos:
        vos = listed(root.option("DIRAC", "VirtualOrganization"))[:1]
        for vo in vos:
            findings.add("group-default-vo", f"Group {group.name} names no VO, and so belongs to {vo}", at=group)
            unwanted = "group-default-vo"
    if not vos:
        vos = [vo for vo in plan.vos if plan.previous.section("Registry", vo, "Groups", group.name)]
        message = f"Group {group.name} has no VO"
        findings.add("group-without-vo", message, at=group, held=bool(vos))
        if not vos:
            plan.left_out["group", group.name] = "group without VO"
            plan.faulty.add(("group", group.name))
            plan.gaps.groups_without_vo.append(group.name)
    wanted = [vo for vo in dict.fromkeys(vos) if vo in plan.vos]
    for vo in vos:
        if vo in plan.vos:
            continue
        plan.left_out["group", group.name] = f"group of VO {vo}, which is not converted"
        similar = _other_case(vo, plan.vos)
        if similar:
            message = f"Group {group.name} belongs to VO {vo}, /DiracX/CsSync/VOs has {similar}"
            findings.add("vo-name-case", message, at=option or group)
    missing = _require_parts(group, findings, wanted[0] if wanted else "")
    for code in (unwanted, *missing):
        if code and plan.chosen(code, option if code == "group-vo-list" and option else group) is Choice.DROP:
            plan.left_out["group", group.name] = "group left out by the policy"
            return
    if wanted:
        plan.groups[group.name] = wanted
        for vo in wanted:
            plan.vos[vo].groups.append(group.name)


def _hold_groups(groups: Section, plan: Plan) -> None:
    """Keep groups that are options by mistake as they were published last."""
    for option in groups.options():
        for vo in plan.vos.values():
            if plan.previous.section("Registry", vo.name, "Groups", option.name):
                vo.held.add(("Groups", option.name))
                vo.groups.append(option.name)


def _require_parts(group: Section, findings: Findings, vo: str) -> list[str]:
    """Report what DiracX requires of a group of ``vo``; of one without any VO, too."""
    if not vo and group.option("VO"):
        return []
    missing = []
    for name, code in (("Users", "group-without-users"), ("Properties", "group-without-properties")):
        if group.option(name) is None:
            typed = f"Registry/{vo}/Groups/{group.name}/{name}" if vo else ""
            findings.add(code, f"Group {group.name} has no {name}", at=group, typed_path=typed)
            missing.append(code)
    return missing


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
        plan.gaps.vos_not_described.append(vo)
        similar = _other_case(vo, plan.vos)
        if similar and isinstance(place, Section):
            findings.add("vo-name-case", f"VO {vo} is called {similar} in /DiracX/CsSync/VOs", at=place)
        elif not similar:
            findings.add("vo-not-migrated", f"VO {vo} is not described in /DiracX/CsSync/VOs", at=place)


def _choose_default_group(vo: VoPlan, root: Section, plan: Plan, findings: Findings) -> None:
    option = vo.section.option("DefaultGroup")
    wanted = [unquoted(name) for name in listed(option)]
    if option and wanted != listed(option):
        findings.add("value-quoted", f"DefaultGroup of VO {vo.name} is quoted: the quotes are removed", at=option)
    existing = [group for group in wanted if group in vo.groups]
    if existing:
        vo.default_group = existing[0]
        if len(wanted) > 1:
            findings.add("default-group-list", f"VO {vo.name} gets {existing[0]} of {', '.join(wanted)}", at=option)
        return
    before = plan.previous.section("Registry", vo.name).get("DefaultGroup", "")
    held = before in vo.groups
    typed = f"Registry/{vo.name}/DefaultGroup"
    substitute = before if held else _substitute_group(vo, root)
    named = ", ".join(wanted) or "nothing"
    similar = next(filter(None, (_other_case(name, vo.groups) for name in wanted)), "")
    hint = f"Do you mean {similar}?" if similar else ""
    vo.default_group = substitute or (wanted[0] if wanted else "")
    if substitute:
        message = f"DefaultGroup of VO {vo.name} names {named}, which it does not have; {substitute} is taken"
        findings.add(
            "default-group-unknown", message, at=option or vo.section, typed_path=typed, remedy=hint, held=held
        )
    elif wanted and vo.groups:
        message = f"DefaultGroup of VO {vo.name} names {named}; it has {', '.join(vo.groups)}"
        findings.add("default-group-dangling", message, at=option, typed_path=typed, remedy=hint)
        if option and plan.chosen("default-group-dangling", option) is Choice.DROP:
            plan.leave_out_vo(vo.name, f"VO {vo.name} has no default group that exists")
    elif not wanted:
        findings.add("default-group-missing", f"VO {vo.name} has no DefaultGroup", at=vo.section, typed_path=typed)
        plan.leave_out_vo(vo.name, f"VO {vo.name} has no default group")


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

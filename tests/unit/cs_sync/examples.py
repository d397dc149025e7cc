"""For each code about content a small configuration that gives rise to it."""

from __future__ import annotations

from collections.abc import Callable

from .configurations import Tree, changed, minimal, put, with_biolab

VO = "DiracX__CsSync__VOs__gridlab"
BOB = "Registry__Users__bob"
GROUP = "Registry__Groups__gridlab_user"


def _nested(levels: int) -> Tree:
    tree: Tree = {"x": "1"}
    for _ in range(levels):
        tree = {"A": tree}
    return tree


def _bad_vo(path: str, value: object) -> Tree:
    return put(with_biolab(), f"DiracX/CsSync/VOs/gridlab/{path}", value)


def _defaults_vo() -> Tree:
    tree = with_biolab()
    vos = tree["DiracX"]["CsSync"]["VOs"]
    vos["Defaults"] = vos.pop("gridlab")
    return tree


def _two_providers_missing() -> Tree:
    return put(_bad_vo("DefaultGroup", None), "Registry/Groups/gridlab_user/Properties", "Operator")


EXAMPLES: dict[str, Callable[[], Tree]] = {
    "too-deep": lambda: changed(Operations__Defaults__Pilot=_nested(80)),
    "vos-missing": lambda: changed(DiracX=None),
    "registry-incomplete": lambda: changed(Registry__Groups={}),
    "section-expected": lambda: changed(Operations__Defaults__JobDescription="1"),
    "option-expected": lambda: changed(Operations__Defaults__SoftwareDistModule={"x": "1"}),
    "unknown-option": lambda: changed(Operations__Defaults__Own="1"),
    "unknown-section": lambda: changed(Operations__Defaults__HomeGrown={"x": "1"}),
    "not-in-diracx": lambda: changed(Registry__Users__bob__mobile="1"),
    "setup-left-over": lambda: changed(DIRAC__Setup="Production"),
    "operations-setup-layer": lambda: put(minimal(), "Operations/gridlab/Production-Setup", {"Pilot": {"a": "1"}}),
    "operations-unknown": lambda: changed(Operations__Whatever={"x": "1"}),
    "vo-not-migrated": lambda: put(with_biolab(), "DiracX/CsSync/VOs/biolab", None),
    "vo-reserved-name": _defaults_vo,
    "vo-name-case": lambda: put(with_biolab(), "Registry/Groups/gridlab_user/VO", "GridLab"),
    "vo-without-idp": lambda: _bad_vo("IdP", None),
    "idp-url-invalid": lambda: _bad_vo("IdP/URL", "idp.example.org"),
    "value-quoted": lambda: changed(**{f"{VO}__IdP__URL": '"https://idp.example.org"'}),
    "idp-url-slash": lambda: changed(**{f"{VO}__IdP__URL": "https://idp.example.org/"}),
    "idp-url-http": lambda: _bad_vo("IdP/URL", "http://idp.example.org"),
    "default-group-missing": _two_providers_missing,
    "default-group-unknown": lambda: changed(**{f"{VO}__DefaultGroup": "gone"}),
    "default-group-dangling": lambda: put(
        _bad_vo("DefaultGroup", "gone"), "Registry/Groups/gridlab_user/Properties", "Operator"
    ),
    "default-group-list": lambda: changed(**{f"{VO}__DefaultGroup": "gridlab_user, other"}),
    "vo-empty": lambda: _bad_vo("UserSubjects", {}),
    "subject-empty": lambda: changed(**{f"{VO}__UserSubjects__bob": ""}),
    "subject-shared": lambda: changed(**{f"{VO}__UserSubjects__bob": "sub-alice"}),
    "subject-dangling": lambda: changed(**{BOB: None}),
    "user-without-group": lambda: changed(**{f"{GROUP}__Users": "alice"}),
    "members-without-subject": lambda: changed(**{f"{VO}__UserSubjects__bob": None}),
    "member-unknown": lambda: changed(**{f"{GROUP}__Users": "alice, bob, ghost"}),
    "user-no-dn": lambda: changed(**{BOB: {"Email": "bob@example.org"}}),
    "dn-shared": lambda: changed(**{f"{BOB}__DN": "/CN=Bob, /CN=Alice"}),
    "dn-empty": lambda: changed(**{f"{BOB}__DN": "/CN=Bob,"}),
    "dn-comma": lambda: changed(**{f"{BOB}__DN": "/O=Foo, Inc./CN=Bob, /CN=Bob"}),
    "dn-not-slashes": lambda: changed(**{f"{BOB}__DN": "CN=Bob"}),
    "dn-pseudo": lambda: changed(**{f"{BOB}__DN": "/O=DIRAC/CN=bob, /CN=Bob"}),
    "email-invalid": lambda: changed(**{f"{BOB}__Email": "bob at home"}),
    "email-empty": lambda: changed(**{f"{BOB}__Email": ""}),
    "email-several": lambda: changed(**{f"{BOB}__Email": "bob@example.org, b@example.org"}),
    "suspended-none": lambda: changed(**{f"{BOB}__Suspended": "None"}),
    "user-suspended": lambda: changed(**{f"{BOB}__Suspended": "gridlab"}),
    "group-without-vo": lambda: put(minimal(), "Registry/Groups/g", {"Users": "bob", "Properties": "NormalUser"}),
    "group-default-vo": lambda: changed(DIRAC__VirtualOrganization="gridlab", **{f"{GROUP}__VO": None}),
    "group-vo-list": lambda: put(with_biolab(), "Registry/Groups/gridlab_user/VO", "gridlab, biolab"),
    "group-without-users": lambda: put(minimal(), "Registry/Groups/g", {"VO": "gridlab", "Properties": "NormalUser"}),
    "group-without-properties": lambda: put(minimal(), "Registry/Groups/g", {"VO": "gridlab", "Users": "bob"}),
    "property-unknown": lambda: changed(**{f"{GROUP}__Properties": "NormalUser # people"}),
    "number-invalid": lambda: changed(**{f"{GROUP}__JobShare": "0.5"}),
    "flag-unclear": lambda: changed(**{f"{GROUP}__AutoUploadProxy": "on"}),
    "platforms-kept": lambda: changed(Resources__Computing__OSCompatibility__el9="el8"),
    "platforms-nested": lambda: put(minimal(), "Resources/Computing/OSCompatibility/OSCompatibility", {"el9": "el8"}),
    "secret-dropped": lambda: changed(Operations__Defaults__Pilot__ApiKey="deadbeef42"),
    "secret-not-written": lambda: changed(Systems__WMS__Databases__Password="deadbeef42"),
    "switch-old-name": lambda: changed(DiracX__LegacyClientEnabled__WMS__JobManager="True"),
    "switch-contradiction": lambda: put(
        changed(DiracX__LegacyClientEnabled__WMS__JobManager="True"),
        "DiracX/FutureClientEnabled/WMS/JobManager",
        "False",
    ),
    "routing-invalid": lambda: changed(DiracX__Bridge__WMS__JobManager__Stage="soon"),
    "switch-spelling": lambda: changed(DiracX__FutureClientEnabled__WMS__JobManager="enabled"),
    "disabled-vos": lambda: changed(DiracX__DisabledVOs="gridlab", DiracX__FutureClientEnabled__WMS__JobManager="yes"),
}
"""Code -> what makes it. Codes that need more than a configuration (an older one, a schema) are not here."""

"""Scopes: whatever is asked for, the answer is what was asked for, or an error that says why not."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidGrant, PermissionDenied
from diracx_bridge.core.properties import known_properties
from diracx_bridge.services.auth.scopes import LONGEST, Scope, identify, parse_scope
from tests.installation import CONFIGURATION

CONFIG = Config.model_validate(yaml.safe_load(CONFIGURATION.read_text()))
GROUPS = {vo: sorted(registry.groups) for vo, registry in CONFIG.registry.items()}
PARTS = st.lists(
    st.one_of(
        st.sampled_from([f"vo:{vo}" for vo in GROUPS]),
        st.sampled_from([f"group:{group}" for groups in GROUPS.values() for group in groups]),
        st.sampled_from([f"property:{name}" for name in sorted(known_properties())]),
        st.sampled_from(["vo:", "vo", ":", "group:", "property:", "openid", "VO:gridlab", "vo:gridlab:x", ""]),
        st.text(max_size=12),
    ),
    max_size=6,
)


@st.composite
def good_requests(draw: st.DrawFn) -> tuple[str, Scope]:
    """A scope that can be accepted, in any order and with repetitions, and what it means."""
    vo = draw(st.sampled_from(sorted(GROUPS)))
    group = draw(st.none() | st.sampled_from(GROUPS[vo]))
    properties = draw(st.frozensets(st.sampled_from(sorted(known_properties())), max_size=4))
    parts = [f"vo:{vo}", *([f"group:{group}"] if group else []), *(f"property:{name}" for name in properties)]
    parts += draw(st.lists(st.sampled_from(parts), max_size=2))
    meant = Scope(vo, group or CONFIG.registry[vo].default_group, properties)
    return " ".join(draw(st.permutations(parts))), meant


@given(good_requests())
def test_a_good_scope_means_the_same_in_any_order(asked: tuple[str, Scope]) -> None:
    text, meant = asked
    assert parse_scope(text, CONFIG) == meant


def parsed_or_refused(text: str) -> Scope | InvalidGrant:
    try:
        return parse_scope(text, CONFIG)
    except InvalidGrant as error:
        return error


@given(PARTS.map(" ".join))
@example("vo:gridlab" + " property:NormalUser" * 100)
@example("vo:gridlab  group:gridlab_user")
@example("")
def test_any_other_scope_is_an_invalid_scope(text: str) -> None:
    parsed = parsed_or_refused(text)
    if isinstance(parsed, InvalidGrant):
        assert parsed.code == "invalid_scope"
        assert len(str(parsed)) < 20 * LONGEST
        return
    parts = text.split(" ")
    assert {part for part in parts if part.startswith("vo:")} == {f"vo:{parsed.vo}"}
    assert {part for part in parts if part.startswith("group:")} <= {f"group:{parsed.group}"}
    assert {part.removeprefix("property:") for part in parts if part.startswith("property:")} == parsed.properties
    assert parsed.group in GROUPS[parsed.vo]
    assert len(text) <= LONGEST


@given(good_requests(), st.sampled_from(["sub-alice", "sub-bob", "sub-mallory", "sub-admin", "sub-carol", "sub-no"]))
def test_nobody_gets_more_than_his_groups_allow_nor_other_than_he_asked_for(
    asked: tuple[str, Scope], subject: str
) -> None:
    _, scope = asked
    registry = CONFIG.registry[scope.vo]
    try:
        identity = identify(scope, subject, CONFIG)
    except PermissionDenied:
        return
    own = [group for group in registry.groups.values() if subject in group.users]
    assert identity.properties <= {name for group in own for name in group.properties}
    assert identity.properties == (scope.properties or registry.groups[scope.group].properties)
    assert subject in registry.groups[scope.group].users
    assert scope.vo not in registry.users[subject].suspended


@given(st.sampled_from(["JobAdministrator", "ProxyManagement", "TrustedHost"]))
def test_a_property_of_no_own_group_is_denied(name: str) -> None:
    assume(name in known_properties())
    with pytest.raises(PermissionDenied, match=f"{name} are not valid properties for user bob"):
        identify(parse_scope(f"vo:gridlab property:{name}", CONFIG), "sub-bob", CONFIG)

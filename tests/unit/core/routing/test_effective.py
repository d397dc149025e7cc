"""What is in force when several places speak of one service."""

from __future__ import annotations

from typing import Any

import pytest

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.effective import RoutingFacts, effective_rules, switch_paths
from diracx_bridge.core.routing.stages import Stage
from diracx_bridge.core.spellings import FALSE, TRUE

SERVICE = "WorkloadManagement/JobStateUpdate"
NEW, OLD = switch_paths(SERVICE)
STAGE = f"/DiracX/Bridge/{SERVICE}/Stage"


def stage(vo: str | None = "lhcb", method: str = "setJobStatus", **facts: Any) -> Stage:
    return effective_rules(SERVICE, RoutingFacts(**facts)).route(vo, method).stage


@pytest.mark.parametrize("option", [NEW, OLD])
@pytest.mark.parametrize("text", [*sorted(TRUE), "Yes", "TRUE", " true "])
def test_dirac_switch_means_live_in_every_truthy_spelling(option: str, text: str) -> None:
    assert stage(switches={option: text}) is Stage.LIVE


@pytest.mark.parametrize("text", [*sorted(FALSE), "No", ""])
def test_dirac_switch_that_says_no_leaves_the_routing_section_alone(text: str) -> None:
    assert stage(switches={NEW: text}) is Stage.LEGACY
    assert stage(switches={NEW: text}, section={"Stage": "compare"}) is Stage.COMPARE


def test_spelling_that_is_neither_yes_nor_no_names_the_option() -> None:
    with pytest.raises(ConfigurationError, match=f"{NEW} = 'enabled' is neither yes nor no"):
        stage(switches={NEW: "enabled"})


def test_contradiction_of_the_two_names_of_the_switch_names_both() -> None:
    with pytest.raises(ConfigurationError, match=f"{NEW} = yes and {OLD} = no contradict"):
        stage(switches={NEW: "yes", OLD: "no"})


@pytest.mark.parametrize("section", [{"Stage": "legacy"}, {"Stage": "canary", "Percent": "10"}])
def test_contradiction_of_switch_and_section_names_both_options(section: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        stage(section=section, switches={NEW: "yes"})
    assert NEW in str(caught.value)
    assert STAGE in str(caught.value)


def test_contradiction_is_found_when_it_concerns_one_vo_only() -> None:
    with pytest.raises(ConfigurationError, match=f"{NEW} = yes .* VOs/belle/Stage = legacy|VOs/belle/Stage"):
        stage(section={"VOs": {"belle": {"Stage": "legacy"}}}, switches={NEW: "yes"})


def test_switch_and_section_agree_when_both_mean_live_or_more() -> None:
    assert stage(section={"Stage": "retired"}, switches={NEW: "yes"}) is Stage.RETIRED
    assert stage(section={"Fallback": "no"}, switches={NEW: "yes"}) is Stage.LIVE


def test_vo_without_tokens_stays_with_legacy() -> None:
    facts: dict[str, Any] = {"switches": {NEW: "yes"}, "disabled_vos": ["belle"]}
    assert stage("belle", **facts) is Stage.LEGACY
    assert stage("lhcb", **facts) is Stage.LIVE


def test_vo_that_is_disabled_and_routed_is_refused_with_both_options() -> None:
    with pytest.raises(ConfigurationError, match=r"/DiracX/DisabledVOs names belle.*VOs/belle/Stage = live"):
        stage(section={"VOs": {"belle": {"Stage": "live"}}}, disabled_vos=["belle"])


def test_override_file_replaces_what_the_cs_says_even_a_mistake() -> None:
    facts: dict[str, Any] = {"section": {"Stage": "nonsense"}, "override_path": "/etc/routing.cfg"}
    assert stage(**facts, override={"Stage": "legacy"}) is Stage.LEGACY
    with pytest.raises(ConfigurationError, match=f"/etc/routing.cfg:{SERVICE}/Stage = 'legcy' is no stage"):
        stage(**facts, override={"Stage": "legcy"})


@pytest.mark.parametrize("text", ["yes", "1", "legacy", "on", SERVICE, f"Other/Service, {SERVICE}"])
def test_kill_switch_takes_everything_back_whatever_else_is_said(text: str) -> None:
    facts: dict[str, Any] = {"section": {"Stage": "nonsense"}, "override": {"Stage": "live"}}
    assert stage(kill_switch=text, **facts) is Stage.LEGACY


@pytest.mark.parametrize("text", ["", "no", "0", "Other/Service"])
def test_kill_switch_does_nothing_when_it_says_no_or_names_other_services(text: str) -> None:
    assert stage(kill_switch=text, section={"Stage": "live"}) is Stage.LIVE


@pytest.mark.parametrize(
    ("vo", "facts", "option"),
    [
        (None, {"switches": {NEW: "yes"}}, NEW),
        (None, {"switches": {NEW: "yes"}, "section": {"Fallback": "no"}}, NEW),
        (None, {"kill_switch": "yes"}, "$DIRACX_BRIDGE_KILL_SWITCH"),
        ("belle", {"switches": {NEW: "yes"}, "disabled_vos": ["belle"]}, "/DiracX/DisabledVOs"),
        ("lhcb", {"switches": {NEW: "yes"}, "disabled_vos": ["belle"]}, NEW),
        (None, {"section": {"Stage": "compare"}}, f"/DiracX/Bridge/{SERVICE}/Stage"),
    ],
)
def test_the_option_that_decides_is_one_that_exists(vo: str | None, facts: dict[str, Any], option: str) -> None:
    assert effective_rules(SERVICE, RoutingFacts(**facts)).route(vo, None).decided_by == option

"""Switches and routing: every spelling, what is in force, contradictions named on both sides."""

from __future__ import annotations

import pytest

from diracx_bridge.cs_sync.switches import Switch

from .configurations import Tree, changed, codes, convert, put

NEW = "DiracX/FutureClientEnabled/WorkloadManagement/JobStateUpdate"
OLD = "DiracX/LegacyClientEnabled/WorkloadManagement/JobStateUpdate"
ROUTING = "DiracX/Bridge/WorkloadManagement/JobStateUpdate"
SERVICE = "WorkloadManagement/JobStateUpdate"


def tree(**options: str) -> Tree:
    """A configuration with `new`, `old` and options of the routing."""
    made = changed()
    for name, value in options.items():
        put(made, {"new": NEW, "old": OLD, "disabled": "DiracX/DisabledVOs"}.get(name, f"{ROUTING}/{name}"), value)
    return made


@pytest.mark.parametrize("text", ["y", "Yes", "TRUE", "true", "1"])
@pytest.mark.parametrize("name", ["new", "old"])
def test_every_spelling_of_yes_means_live(name: str, text: str) -> None:
    result = convert(tree(**{name: text}))
    assert result.switches == [Switch(SERVICE, "live", f"/{NEW if name == 'new' else OLD}")]


@pytest.mark.parametrize("text", ["no", "False", "0", "off", "enabled"])
def test_everything_else_means_legacy(text: str) -> None:
    result = convert(tree(new=text))
    assert [found.stage for found in result.switches] == ["legacy"]
    assert ("switch-spelling" in codes(result)) is (text == "enabled")


def test_the_routing_says_the_stage_and_where_it_stands() -> None:
    result = convert(tree(Stage="Canary", Percent="5"))
    assert result.switches == [Switch(SERVICE, "canary", f"/{ROUTING}/Stage")]
    assert not result.refused


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"new": "True", "old": "no"}, (NEW, OLD)),
        ({"new": "yes", "Stage": "compare"}, (NEW, f"{ROUTING}/Stage")),
        ({"old": "1", "Stage": "legacy"}, (OLD, f"{ROUTING}/Stage")),
        ({"disabled": "gridlab", "Stage": "live", "VOs/gridlab/Stage": "live"}, ("DisabledVOs", "VOs/gridlab/Stage")),
    ],
)
def test_a_contradiction_refuses_the_file_and_names_both(options: dict[str, str], named: tuple[str, str]) -> None:
    result = convert(tree(**options))
    assert result.refused
    (found,) = [found for found in result.findings if found.code == "switch-contradiction"]
    assert all(name in found.message for name in named)
    assert found.line > 1


@pytest.mark.parametrize("on", ["new", "old"])
def test_disabled_vos_and_a_switch_for_all_refuse_the_file(on: str) -> None:
    result = convert(tree(disabled="gridlab", **{on: "y"}))
    assert result.refused
    assert "disabled-vos" in codes(result)


@pytest.mark.parametrize(
    "options",
    [
        {"Stage": "soon"},
        {"Stage": "canary"},
        {"Stage": "canary", "Percent": "120"},
        {"Stge": "live"},
        {"Fallback": "on"},
    ],
)
def test_a_routing_that_means_nothing_is_an_error_on_its_line(options: dict[str, str]) -> None:
    result = convert(tree(**options))
    assert not result.refused
    found = [found for found in result.findings if found.code == "routing-invalid"]
    assert found
    assert all(ROUTING in one.path for one in found)


def test_a_routing_option_outside_of_a_service_is_an_error() -> None:
    result = convert(put(changed(), "DiracX/Bridge/WorkloadManagement/Stage", "live"))
    assert codes(result) == ["routing-invalid"]

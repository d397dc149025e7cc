"""The routing section of a service."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.rules import Said, ServiceRules, parse_rules
from diracx_bridge.core.routing.stages import NOT_ROUTED, Stage

SERVICE = "WorkloadManagement/JobStateUpdate"
PATH = f"/DiracX/Bridge/{SERVICE}"
METHODS = ("setJobStatus", "sendHeartBeat")
VO, METHOD = "lhcb", "setJobStatus"
PLACES = [(None, None), (VO, None), (None, METHOD), (VO, METHOD)]
stages = st.none() | st.sampled_from(Stage)
said = st.fixed_dictionaries(dict.fromkeys(PLACES, stages))


def rules(section: dict[str, Any]) -> ServiceRules:
    return parse_rules(SERVICE, section, PATH, methods=METHODS)


def with_stages(stages: dict[Any, Stage | None]) -> ServiceRules:
    return ServiceRules(SERVICE, {place: Said("x", stage, 10) for place, stage in stages.items()})


@given(said)
def test_method_of_a_vo_wins_over_everything(stages: dict[Any, Stage | None]) -> None:
    if stages[VO, METHOD] is not None:
        assert with_stages(stages).route(VO, METHOD).stage is stages[VO, METHOD]


@given(said)
def test_earlier_stage_wins_when_a_vo_and_a_method_disagree(stages: dict[Any, Stage | None]) -> None:
    stages[VO, METHOD] = None
    ours = [stage for place in ((VO, None), (None, METHOD)) if (stage := stages[place]) is not None]
    expected = min(ours, key=lambda stage: stage.position) if ours else stages[None, None] or Stage.LEGACY
    assert with_stages(stages).route(VO, METHOD).stage is expected


@given(said)
def test_other_vos_and_methods_do_not_matter(stages: dict[Any, Stage | None]) -> None:
    assert with_stages(stages).route("other", "other").stage is (stages[None, None] or Stage.LEGACY)


@given(said, st.sampled_from(PLACES))
def test_taking_one_place_back_to_legacy_never_moves_a_call_forward(
    stages: dict[Any, Stage | None], place: Any
) -> None:
    before = with_stages(stages).route(VO, METHOD).stage.position
    after = with_stages({**stages, place: Stage.LEGACY}).route(VO, METHOD).stage.position
    assert after <= before


@given(said)
def test_vo_or_method_alone_wins_over_the_service(stages: dict[Any, Stage | None]) -> None:
    made = with_stages(stages)
    assert made.route(VO, None).stage is (stages[VO, None] or stages[None, None] or Stage.LEGACY)
    assert made.route(None, METHOD).stage is (stages[None, METHOD] or stages[None, None] or Stage.LEGACY)


def test_options_are_inherited_one_by_one() -> None:
    made = rules(
        {
            "Stage": "canary",
            "Percent": "10",
            "Fallback": "no",
            "VOs": {"lhcb": {"Percent": "50", "Methods": {"sendHeartBeat": {"Stage": "Live"}}}},
            "Methods": {"sendHeartBeat": {"Stage": "legacy"}},
        }
    )
    here = made.route("lhcb", "setJobStatus")
    assert (here.stage, here.percent, here.fallback, here.decided_by) == (Stage.CANARY, 50, False, f"{PATH}/Stage")
    assert made.route("other", "sendHeartBeat").stage is Stage.LEGACY
    deep = made.route("lhcb", "sendHeartBeat")
    assert (deep.stage, deep.decided_by) == (Stage.LIVE, f"{PATH}/VOs/lhcb/Methods/sendHeartBeat/Stage")


def test_service_stays_with_legacy_when_nothing_is_said() -> None:
    assert rules({}).route("lhcb", "setJobStatus") == NOT_ROUTED
    assert rules({}).all_legacy


@pytest.mark.parametrize("spelled", ["canary", "Canary", " CANARY "])
def test_stages_are_read_in_any_case(spelled: str) -> None:
    assert rules({"Stage": spelled, "Percent": "0.5%"}).route(None, None).percent == 0.5


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"Stage": "on"}, "/Stage = 'on' is no stage: write one of legacy, compare, canary, live, retired"),
        ({"Stage": "canary"}, "/Stage = canary needs a Percent beside it"),
        ({"VOs": {"lhcb": {"Stage": "canary"}}}, "/VOs/lhcb/Stage = canary needs a Percent"),
        ({"Stage": "live", "Percent": "ten"}, "/Percent = 'ten' is no percentage"),
        ({"Stage": "live", "Percent": "101"}, "/Percent = '101' is no percentage"),
        ({"Stage": "live", "Percent": "nan"}, "/Percent = 'nan' is no percentage"),
        ({"Stage": "live", "Fallback": "enabled"}, "/Fallback = 'enabled' is neither yes nor no"),
        ({"Stge": "live"}, "/Stge is no option of the routing: did you mean Stage?"),
        ({"VO": {"lhcb": {}}}, "/VO is no section of the routing here: did you mean VOs?"),
        ({"VOs": {"lhcb": "live"}}, "/VOs/lhcb has to be a section with Stage, Percent, Fallback"),
        ({"VOs": {"lhcb": {"VOs": {}}}}, "/VOs/lhcb/VOs is no section of the routing here"),
        ({"Methods": {"sendHeartbeat": {"Stage": "live"}}}, "no such method: did you mean sendHeartBeat?"),
    ],
)
def test_what_is_wrong_is_named_with_its_path_and_a_remedy(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        rules(section)
    assert message in str(caught.value)


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        rules({"Stage": "on", "VOs": {"lhcb": {"Percent": "x", "Fallback": "perhaps"}}})
    assert str(caught.value).count(PATH) == 3

"""Changes of the routing section."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.rules import parse_rules
from diracx_bridge.core.routing.stages import Stage
from diracx_bridge.legacy_adapters.administration.change import (
    Place,
    as_cfg,
    options_changed,
    rolled_back,
    with_stage,
)

SERVICE = "WorkloadManagement/JobStateUpdate"
PATH = f"/DiracX/Bridge/{SERVICE}"
options = st.fixed_dictionaries(
    {}, optional={"Stage": st.sampled_from(["legacy", "compare", "live", "retired"]), "Fallback": st.just("no")}
)
methods = st.dictionaries(st.sampled_from(["m1", "m2"]), options, max_size=2)
sections = st.builds(
    lambda own, vos, named: {**own, "VOs": vos, "Methods": named},
    options,
    st.dictionaries(st.sampled_from(["a", "b"]), st.builds(lambda o, m: {**o, "Methods": m}, options, methods)),
    methods,
)
places = st.builds(Place, st.just(SERVICE), st.sampled_from(["", "a"]), st.sampled_from(["", "m1"]))


@given(sections, places)
def test_rollback_leaves_nothing_but_legacy_at_its_place_and_below(section: dict[str, Any], place: Place) -> None:
    rules = parse_rules(SERVICE, rolled_back(section, place), PATH)
    for vo in [place.vo] if place.vo else ["", "a", "b"]:
        for method in [place.method] if place.method else ["m1", "m2", "other"]:
            assert rules.route(vo, method).stage is Stage.LEGACY, (vo, method)


@given(sections, places)
def test_rollback_and_change_leave_other_vos_as_they_were(section: dict[str, Any], place: Place) -> None:
    before = parse_rules(SERVICE, section, PATH)
    for changed in (rolled_back(section, place), with_stage(section, place, Stage.LIVE)):
        after = parse_rules(SERVICE, changed, PATH)
        if place.vo:
            for method in ("m1", "m2", "other"):
                assert after.route("b", method).stage is before.route("b", method).stage


def test_stage_is_set_where_it_is_asked_for_and_the_percentage_goes_with_the_canary() -> None:
    section = with_stage({}, Place(SERVICE, "a", "m1"), Stage.CANARY, 12.5, fallback=False)
    assert section == {"VOs": {"a": {"Methods": {"m1": {"Stage": "canary", "Percent": "12.5", "Fallback": "no"}}}}}
    live = with_stage(section, Place(SERVICE, "a", "m1"), Stage.LIVE)
    path = f"{PATH}/VOs/a/Methods/m1"
    assert options_changed(section, live, PATH) == {f"{path}/Stage": "live", f"{path}/Percent": None}


def test_percentage_without_canary_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="belongs to the stage canary, not to live"):
        with_stage({}, Place(SERVICE), Stage.LIVE, 10)


def test_section_is_written_as_dirac_reads_it() -> None:
    text = as_cfg(SERVICE, {"VOs": {"a": {"Stage": "live"}}, "Stage": "compare"}, below_bridge=False)
    words = "WorkloadManagement { JobStateUpdate { Stage = compare VOs { a { Stage = live } } } }"
    assert " ".join(text.split()) == words

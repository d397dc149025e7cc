"""The typed configuration: defaults, merging, what is refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from diracx_bridge.config.operations import merge
from diracx_bridge.config.schema import KEEP_DEFAULTS, Config, JobDescriptionConfig, OperationsConfig, UserConfig

ALICE = {"PreferedUsername": "alice"}


def raw(**changes: Any) -> dict[str, Any]:
    """A minimal configuration of one VO, with sections of it replaced."""
    vo = {
        "IdP": {"URL": "https://idp.example.org/", "ClientID": "client"},
        "DefaultGroup": "lab_user",
        "Users": {"sub-alice": ALICE},
        "Groups": {"lab_user": {"Properties": ["NormalUser"], "Users": ["sub-alice"]}},
    }
    return {"DIRAC": {}, "Registry": {"lab": vo}, "Operations": {}, **changes}


def load(**changes: Any) -> Config:
    return Config.model_validate(raw(**changes))


def test_a_vo_gets_operations_when_none_are_written() -> None:
    assert load().operations["lab"] == OperationsConfig()


def test_operations_may_be_left_out_altogether() -> None:
    without = raw()
    del without["Operations"]
    assert set(Config.model_validate(without).operations) == {"lab"}


def test_defaults_are_merged_under_each_vo_and_gone() -> None:
    config = load(
        Operations={
            "Defaults": {
                "JobDescription": {"MaxPriority": 7, "MinPriority": 2},
                "Pilot": {"Version": "1", "Extra": "x"},
            },
            "lab": {"JobDescription": {"MaxPriority": 9}, "Pilot": {"Version": "2"}},
        }
    )
    assert set(config.operations) == {"lab"}
    assert config.operations["lab"].job_description == JobDescriptionConfig(max_priority=9, min_priority=2)
    assert config.operations["lab"].pilot == {"Version": "2", "Extra": "x"}


def test_a_list_of_a_vo_replaces_that_of_the_defaults() -> None:
    operations = {
        "Defaults": {"JobDescription": {"AllowedJobTypes": ["A", "B"]}},
        "lab": {"JobDescription": {"AllowedJobTypes": ["C"]}},
    }
    assert load(Operations=operations).operations["lab"].job_description.allowed_job_types == ["C"]


@pytest.mark.parametrize("section", [None, {"Pilot": None}])
def test_null_of_a_vo_gives_back_the_defaults(section: Any) -> None:
    config = load(Operations={"Defaults": {"Pilot": {"Version": "1"}}, "lab": section})
    assert config.operations["lab"].pilot == {"Version": "1"}


def test_operations_of_an_unregistered_vo_stay_unmerged() -> None:
    config = load(Operations={"Defaults": {"Pilot": {"Version": "1"}}, "elsewhere": {}})
    assert config.operations["elsewhere"].pilot is None


def test_defaults_stay_a_section_when_a_writer_asks_for_it() -> None:
    defaults = {"JobDescription": {"MaxPriority": 7}}
    config = Config.model_validate(raw(Operations={"Defaults": defaults}), context=dict(KEEP_DEFAULTS))
    written = config.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert written["Operations"] == {"Defaults": defaults, "lab": {}}


def test_validation_leaves_its_input_alone() -> None:
    given_ = raw(Operations={"Defaults": {"Pilot": {"Version": "1"}}, "lab": {"Pilot": {"Extra": "x"}}})
    before = copy.deepcopy(given_)
    Config.model_validate(given_)
    assert given_ == before


def test_top_level_sections_are_accepted_by_attribute_name() -> None:
    written = raw()
    written["registry"] = written.pop("Registry")
    assert set(Config.model_validate(written).operations) == {"lab"}


def test_both_spellings_of_a_section_are_refused() -> None:
    with pytest.raises(ValidationError, match="registry"):
        load(registry={})


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ((), "LocalInstallation"),
        (("DIRAC",), "Setup"),
        (("Registry", "lab"), "VOAdmin"),
        (("Registry", "lab", "IdP"), "Secret"),
        (("Registry", "lab", "Users", "sub-alice"), "Phone"),
        (("Registry", "lab", "Groups", "lab_user"), "VOMSVO"),
        (("Operations",), "Production"),
    ],
)
def test_an_unknown_key_is_refused(path: tuple[str, ...], key: str) -> None:
    changed = section = copy.deepcopy(raw())
    for name in path:
        section = section[name]
    section[key] = "x"
    with pytest.raises(ValidationError, match=key):
        Config.model_validate(changed)


def test_an_unknown_key_is_ignored_where_only_part_of_a_section_is_typed() -> None:
    config = load(
        Resources={"Sites": {}, "Computing": {"CEDefaults": {}}},
        Operations={"lab": {"InputDataPolicy": {"CERN": "x"}}},
    )
    assert "Sites" not in config.model_dump_json(by_alias=True)
    assert "CERN" not in config.model_dump_json(by_alias=True)


def test_each_platform_is_compatible_with_itself() -> None:
    config = load(Resources={"Computing": {"OSCompatibility": {"el9": ["el8", "el7"], "el7": []}}})
    assert config.resources.computing.os_compatibility == {"el9": {"el7", "el8", "el9"}, "el7": {"el7"}}


def test_sets_are_written_sorted() -> None:
    names = ["Zeta", "NormalUser", "Alpha"]
    written = raw()
    written["Registry"]["lab"]["Groups"]["lab_user"] |= {"Properties": names, "Users": names}
    written["Resources"] = {"Computing": {"OSCompatibility": {"el9": names}}}
    out = json.loads(Config.model_validate(written).model_dump_json(by_alias=True))
    group = out["Registry"]["lab"]["Groups"]["lab_user"]
    assert group["Properties"] == group["Users"] == sorted(names)
    assert out["Resources"]["Computing"]["OSCompatibility"]["el9"] == sorted([*names, "el9"])


def test_a_subject_is_found_by_the_preferred_user_name() -> None:
    written = raw()
    written["Registry"]["lab"]["Users"] = {"s1": ALICE, "s2": {"PreferedUsername": "bob"}, "s3": ALICE}
    assert Config.model_validate(written).registry["lab"].subjects == {"alice": "s3", "bob": "s2"}


@pytest.mark.parametrize("url", ["https://idp.example.org", "https://idp.example.org/"])
def test_the_discovery_document_has_one_slash_however_the_issuer_is_written(url: str) -> None:
    written = raw()
    written["Registry"]["lab"]["IdP"]["URL"] = url
    idp = Config.model_validate(written).registry["lab"].idp
    assert idp.url == url
    assert idp.server_metadata_url == "https://idp.example.org/.well-known/openid-configuration"


@pytest.mark.parametrize("address", ["", "alice", "a@b@c.org", "alice@localhost"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        UserConfig.model_validate({**ALICE, "Email": address})


def test_a_configuration_can_not_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().dirac.no_setup = True


@pytest.mark.parametrize("document", [None, [], "text", 1])
def test_a_document_that_is_no_mapping_is_refused(document: Any) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate(document)


@pytest.mark.parametrize("section", ["Operations", "Registry", "DIRAC"])
@pytest.mark.parametrize("value", [None, [], "text"])
def test_a_section_that_is_no_mapping_is_refused(section: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=section):
        load(**{section: value})


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=12,
)
sections = st.dictionaries(st.sampled_from("abcd"), trees, max_size=4)


@given(sections, sections)
def test_a_merged_section_has_the_keys_of_both(base: dict[str, Any], override: dict[str, Any]) -> None:
    assert set(merge(base, override)) == set(base) | set(override)


@given(sections, sections)
def test_a_merged_option_is_the_override_unless_null(base: dict[str, Any], override: dict[str, Any]) -> None:
    merged = merge(base, override)
    for key in merged:
        mine, default = override.get(key), base.get(key)
        if not (isinstance(mine, dict) and isinstance(default, dict)):
            assert merged[key] == (default if mine is None else mine)
        else:
            assert merged[key] == merge(default, mine)


@given(sections, sections)
def test_merging_twice_changes_nothing_and_the_arguments_stay(base: dict[str, Any], override: dict[str, Any]) -> None:
    before = copy.deepcopy((base, override))
    merged = merge(base, override)
    assert merge(merged, override) == merged
    assert (base, override) == before

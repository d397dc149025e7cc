"""Operations, resources, and what belongs to DIRAC alone."""

from __future__ import annotations

from typing import Any

import pytest

from .configurations import changed, codes, content, convert, minimal, put


def operations(**changes: Any) -> Any:
    return content(changed(**changes))["Operations"]


def test_defaults_stay_a_section_of_their_own() -> None:
    assert operations(Operations__gridlab__Pilot__Version="9.2") == {
        "Defaults": {"Pilot": {"Version": "9.1.22"}},
        "gridlab": {"Pilot": {"Version": "9.2"}},
    }


def test_a_vo_without_operations_has_an_empty_section() -> None:
    assert operations(Operations=None) == {"gridlab": {}}


def test_free_sections_are_text_at_any_depth() -> None:
    shares = {"Jobs": {"Deep": {"List": "a, b", "Number": "1"}, "Empty": {}}}
    assert operations(Operations__gridlab__Shares=shares)["gridlab"] == {"Shares": shares}


def test_a_free_section_that_is_switched_off_is_null() -> None:
    assert operations(Operations__gridlab__Pilot="None")["gridlab"] == {"Pilot": None}


def test_typed_options_are_typed() -> None:
    job = {"MaxCPUTime": "100", "AllowedJobTypes": "User, Test"}
    assert operations(Operations__gridlab__JobDescription=job)["gridlab"]["JobDescription"] == {
        "MaxCPUTime": 100,
        "AllowedJobTypes": ["User", "Test"],
    }


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("Operations/Defaults/HomeGrown", {"x": "1"}, "unknown-section"),
        ("Operations/Defaults/MyOption", "1", "unknown-option"),
        ("Operations/Defaults/email", {"x": "1"}, "unknown-section"),
        ("Operations/Defaults/JobDescription", "1", "section-expected"),
        ("Operations/Defaults/SoftwareDistModule", {"x": "1"}, "option-expected"),
        ("Operations/Foo", "Pilot", "section-expected"),
        ("Operations/gridlab/Production-Setup", {"Pilot": {"Version": "8"}}, "operations-setup-layer"),
        ("Operations/Production-Setup", {"Pilot": {"Version": "8"}}, "operations-setup-layer"),
        ("Operations/Whatever", {"x": "1"}, "operations-unknown"),
        ("Operations/GridLab", {"Pilot": {"Version": "8"}}, "vo-name-case"),
        ("DIRAC/Setup", "Production", "setup-left-over"),
        ("Website", {"Authorization": {"x": "1"}}, "unknown-section"),
        ("registry", {"Users": {"x": "1"}}, "unknown-section"),
        ("Resources", "x", "section-expected"),
    ],
)
def test_what_has_no_place_is_left_out_and_reported_once(path: str, value: Any, code: str) -> None:
    result = convert(put(minimal(), path, value))
    assert result.content == content(minimal()) or path == "Resources"
    assert codes(result) == [code]
    assert f"/{path}" == next(iter(result.findings)).path


def test_a_misspelled_option_is_answered_with_the_right_one() -> None:
    result = convert(changed(Registry__Users__alice__email="a@example.org", DiracX__DisabledVO="x"))
    assert [found.remedy for found in result.findings] == ["Do you mean DisabledVOs?", "Do you mean Email?"]


def test_sections_of_the_servers_are_never_written() -> None:
    tree = minimal() | {
        "Systems": {"Databases": {"User": "Dirac", "Password": "hunter2"}},
        "WebApp": {"Theme": "Crisp"},
        "LocalSite": {"Site": "LCG.X.y"},
        "LogLevel": "DEBUG",
    }
    result = convert(tree)
    assert result.content == content(minimal())
    assert codes(result) == ["secret-not-written"]


def test_sections_nested_too_deep_are_left_out() -> None:
    deep: Any = {"x": "1"}
    for _ in range(200):
        deep = {"A": deep}
    result = convert(changed(Operations__Defaults__Shares=deep))
    assert codes(result) == ["too-deep"]
    assert not result.refused


# switches


@pytest.mark.parametrize("value", ["True", "yes", "y", "1", "TRUE"])
@pytest.mark.parametrize("switch", ["FutureClientEnabled", "LegacyClientEnabled"])
def test_disabled_vos_contradict_switched_clients_in_every_spelling(switch: str, value: str) -> None:
    tree = changed(DiracX__DisabledVOs="gridlab")
    put(tree, f"DiracX/{switch}/WorkloadManagement/JobStateUpdate", value)
    assert "disabled-vos" in codes(convert(tree))


def test_disabled_vos_alone_are_no_contradiction() -> None:
    tree = changed(DiracX__DisabledVOs="gridlab")
    put(tree, "DiracX/FutureClientEnabled/WorkloadManagement/JobStateUpdate", "False")
    assert codes(convert(tree)) == []


def test_the_old_name_of_the_switch_is_reported() -> None:
    tree = put(minimal(), "DiracX/LegacyClientEnabled/WorkloadManagement/JobStateUpdate", "True")
    assert codes(convert(tree)) == ["switch-old-name"]


def test_two_names_of_a_switch_must_agree() -> None:
    tree = put(minimal(), "DiracX/LegacyClientEnabled/WorkloadManagement/JobStateUpdate", "True")
    put(tree, "DiracX/FutureClientEnabled/WorkloadManagement/JobStateUpdate", "no")
    result = convert(tree)
    (found,) = [found for found in result.findings if found.code == "switch-contradiction"]
    assert "/DiracX/LegacyClientEnabled/" in found.message
    assert "/DiracX/FutureClientEnabled/" in found.message


@pytest.mark.parametrize("switch", ["FutureClientEnabled", "LegacyClientEnabled"])
def test_switch_that_is_neither_yes_nor_no_is_an_error(switch: str) -> None:
    tree = put(minimal(), f"DiracX/{switch}/WorkloadManagement/JobStateUpdate", "enabled")
    assert "switch-spelling" in codes(convert(tree))

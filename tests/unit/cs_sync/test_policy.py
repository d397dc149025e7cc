"""What an installation decides about findings comes true, for that finding alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ConfigDict, Field

from diracx_bridge.config.schema import Config, OperationsConfig, RegistryConfig, UserConfig
from diracx_bridge.core.errors import SettingsError, SetupError
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.finding_kinds import KINDS
from diracx_bridge.cs_sync.policy import CHOICES, Choice, Policy
from diracx_bridge.cs_sync.policy_file import parse_choice, read_policy
from diracx_bridge.cs_sync.previous import Previous
from diracx_bridge.cs_sync.reading_kinds import READING

from .configurations import changed, codes, convert, put
from .examples import EXAMPLES

NEED_MORE = {"entries-vanished", "schema-refused", "schema-unfit", "upstream-fails", "version-older"}
READ = {kind.code for kind in READING}


class OpenUser(UserConfig):
    model_config = ConfigDict(extra="allow")


class OpenVo(RegistryConfig):
    users: Mapping[str, OpenUser] = Field(alias="Users")


class OpenOperations(OperationsConfig):
    model_config = ConfigDict(extra="allow")


class OpenConfig(Config):
    """The configuration of an extension that takes options which ours does not know."""

    operations: Mapping[str, OpenOperations] = Field(alias="Operations")
    registry: Mapping[str, OpenVo] = Field(alias="Registry")


def chosen(*choices: str) -> Policy:
    return Policy(tuple(parse_choice(choice) for choice in choices))


def test_every_code_has_an_example() -> None:
    assert set(EXAMPLES) | NEED_MORE | READ == set(KINDS)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_of_a_code_gives_rise_to_it(code: str) -> None:
    assert code in codes(convert(EXAMPLES[code]()))


@pytest.mark.parametrize("code", EXAMPLES)
def test_any_finding_can_be_made_to_refuse_the_file(code: str) -> None:
    result = convert(EXAMPLES[code](), policy=chosen(f"{code}=fail"))
    assert result.refused
    assert result.content is None
    assert all(found.refuses for found in result.findings if found.code == code)


@pytest.mark.parametrize("code", sorted(code for code in CHOICES if code in EXAMPLES))
def test_a_choice_changes_what_is_written(code: str) -> None:
    (choice,) = CHOICES[code]
    default = convert(EXAMPLES[code](), schema=OpenConfig)
    other = convert(EXAMPLES[code](), policy=chosen(f"{code}={choice}"), schema=OpenConfig)
    assert code in codes(other)
    assert other.content != default.content


def test_a_user_who_is_left_out_is_left_out_of_the_groups() -> None:
    result = convert(changed(Registry__Users__bob__Suspended="gridlab"), policy=chosen("user-suspended=drop"))
    assert result.content is not None
    registry = result.content["Registry"]["gridlab"]
    assert set(registry["Users"]) == set(registry["Groups"]["gridlab_user"]["Users"]) == {"sub-alice"}


def test_a_choice_may_hold_for_some_places_only() -> None:
    tree = put(changed(Registry__Groups__gridlab_user__Properties="Odd, NormalUser"), "Registry/Groups/g",
               {"VO": "gridlab", "Users": "bob", "Properties": "Odd"})  # fmt: skip
    result = convert(tree, policy=chosen("property-unknown@/Registry/Groups/g/*=keep"))
    assert result.content is not None
    groups = result.content["Registry"]["gridlab"]["Groups"]
    assert groups["g"]["Properties"] == ["Odd"]
    assert groups["gridlab_user"]["Properties"] == ["NormalUser"]


def test_the_last_choice_that_fits_counts() -> None:
    policy = chosen("unknown-option=fail", "unknown-option@/Operations/*=keep")
    assert policy.choice("unknown-option", "/Operations/Defaults/x") is Choice.KEEP
    assert policy.choice("unknown-option", "/DIRAC/x") is Choice.FAIL
    assert policy.choice("unknown-section", "/DIRAC/x") is None


@pytest.mark.parametrize(
    "text", ["unknown-option", "unknown=fail", "unknown-option=drop", "number-invalid=keep", "=fail"]
)
def test_a_choice_that_is_not_possible_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError, match=text.partition("=")[0] or "no finding"):
        parse_choice(text)


POLICY = """\
findings:
  unknown-option: fail
  property-unknown: {"/Registry/Groups/lab_*": keep}
rules:
  - {legacy: "/Operations/{layer}/HomeGrown/**", action: map, typed: "Operations/{layer}/Pilot/HomeGrown/**"}
  - {legacy: "/Registry/Users/{user}/Phone", action: drop, reason: not needed}
  - legacy: /Registry/Users/{user}/MailAddress
    action: map
    typed: Registry/{vo}/Users/{subject}/Email
    type: e-mail
values:
  "/Registry/Groups/*/Properties": {NormalUsr: NormalUser}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    (tmp_path / "policy.yaml").write_text(POLICY)
    return read_policy(tmp_path / "policy.yaml")


def converted(result: Result) -> Any:
    assert result.content is not None, [found.message for found in result.findings]
    return result.content


def test_a_policy_file_maps_options_elsewhere(policy: Policy) -> None:
    tree = put(changed(), "Operations/Defaults/HomeGrown/Deep/x", "1")
    put(tree, "Registry/Users/bob/MailAddress", "bob@example.org")
    put(tree, "Registry/Users/bob/Phone", "123")
    result = convert(tree, policy=policy)
    content = converted(result)
    assert content["Operations"]["Defaults"]["Pilot"]["HomeGrown"] == {"Deep": {"x": "1"}}
    assert content["Registry"]["gridlab"]["Users"]["sub-bob"]["Email"] == "bob@example.org"
    assert result.account.reasons()["not needed"] == 1
    assert codes(result) == []


def test_a_policy_file_maps_values(policy: Policy) -> None:
    result = convert(changed(Registry__Groups__gridlab_user__Properties="NormalUsr, Operator"), policy=policy)
    group = converted(result)["Registry"]["gridlab"]["Groups"]["gridlab_user"]
    assert group["Properties"] == ["NormalUser", "Operator"]
    assert codes(result) == []


@pytest.mark.parametrize(
    "text",
    [
        "- x",
        "other: {}",
        "findings: [x]",
        "findings: {nothing: fail}",
        "rules: {a: b}",
        "rules: [{legacy: x, action: drop}]",
        "rules: [{legacy: /x, action: move}]",
        "rules: [{legacy: /x, action: map}]",
        "rules: [{legacy: /x, action: map, typed: y, type: odd}]",
        "rules: [{legacy: /x/**, action: map, typed: y}]",
        "rules: [{legacy: /x, action: map, typed: 'Registry/{group}'}]",
        "rules: [{legacy: /x, action: map, typed: 'Registry/{vo}/Users/{subject}/y'}]",
        "rules: [{legacy: /x, action: drop, more: 1}]",
        "values: {x: 1}",
        "a: [",
    ],
)
def test_a_policy_file_that_means_nothing_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.yaml").write_text(text)
    with pytest.raises(SettingsError, match=r"policy\.yaml"):
        read_policy(tmp_path / "policy.yaml")


def test_a_policy_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="gone"):
        read_policy(tmp_path / "gone")


def test_a_version_that_is_older_may_be_accepted() -> None:
    newer = Previous(converted(convert(changed())), "2027-01-01 00:00:00")
    assert convert(changed(), previous=newer).refused
    assert not convert(changed(), previous=newer, policy=chosen("version-older=keep")).refused

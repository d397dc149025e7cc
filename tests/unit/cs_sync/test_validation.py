"""What the schema of an extension refuses is taken out with what depends on it, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from diracx_bridge.config.registry import GroupConfig, RegistryConfig, UserConfig
from diracx_bridge.config.schema import Config

from .configurations import changed, codes, convert, put, with_biolab


class PickyUser(UserConfig):
    """Refuses an address and a name, and wants a DN."""

    dns: list[str] = Field(alias="DNs")

    @field_validator("email")
    @classmethod
    def _no_cats(cls, email: str | None) -> str | None:
        if email and "cat" in email:
            raise ValueError("no cats")
        return email


class PickyGroup(GroupConfig):
    """Wants a VOMS role."""

    voms_role: str = Field(alias="VOMSRole")


class PickyVo(RegistryConfig):
    users: Mapping[str, PickyUser] = Field(alias="Users")


class PickyConfig(Config):
    registry: Mapping[str, PickyVo] = Field(alias="Registry")


class GroupVo(RegistryConfig):
    groups: Mapping[str, PickyGroup] = Field(alias="Groups")


class GroupPickyConfig(Config):
    registry: Mapping[str, GroupVo] = Field(alias="Registry")


class SmallVo(RegistryConfig):
    voms_name: str = Field(alias="VOMSName")


class VoPickyConfig(Config):
    registry: Mapping[str, SmallVo] = Field(alias="Registry")


class WantsMore(Config):
    more: str = Field(alias="More")


def registry(result: Any) -> Any:
    assert result.content is not None
    return result.content["Registry"]


def test_a_refused_value_is_left_out_and_its_line_named() -> None:
    result = convert(changed(Registry__Users__bob__Email="cat@example.org"), schema=PickyConfig)
    assert registry(result)["gridlab"]["Users"]["sub-bob"] == {"PreferedUsername": "bob", "DNs": ["/CN=Bob"]}
    (found,) = result.findings
    assert (found.code, found.path) == ("schema-refused", "/Registry/Users/bob/Email")
    assert "cat@example.org" not in found.message
    assert result.account.counts()["dropped"] == convert(changed(), schema=PickyConfig).account.counts()["dropped"] + 1


def test_a_user_who_lacks_something_is_left_out_of_his_groups_too() -> None:
    result = convert(changed(Registry__Users__bob__DN=None), schema=PickyConfig)
    assert set(registry(result)["gridlab"]["Users"]) == {"sub-alice"}
    assert registry(result)["gridlab"]["Groups"]["gridlab_user"]["Users"] == ["sub-alice"]
    assert "schema-refused" in codes(result)


def test_a_group_that_lacks_something_is_left_out() -> None:
    tree = put(
        changed(Registry__Groups__gridlab_user__VOMSRole="/x"),
        "Registry/Groups/other",
        {"VO": "gridlab", "Users": "bob", "Properties": "Pilot"},
    )
    result = convert(tree, schema=GroupPickyConfig)
    assert set(registry(result)["gridlab"]["Groups"]) == {"gridlab_user"}


def test_a_vo_that_lacks_something_is_left_out_and_the_other_kept() -> None:
    tree = put(with_biolab(), "Registry/VO/biolab/VOMSName", "bio")
    result = convert(tree, schema=VoPickyConfig)
    assert set(registry(result)) == {"biolab"}
    assert result.content is not None
    assert "gridlab" not in result.content["Operations"]


def test_nothing_is_written_when_the_schema_wants_what_legacy_does_not_have() -> None:
    result = convert(changed(), schema=WantsMore)
    assert result.refused
    assert "schema-unfit" in codes(result)


def test_nothing_is_written_when_no_vo_is_left() -> None:
    result = convert(changed(), schema=VoPickyConfig)
    assert result.refused
    assert codes(result) == ["vos-missing", "schema-refused"]

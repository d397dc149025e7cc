"""What is broken keeps what was published last; what was removed is removed; too much is never lost at once."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.kind import Effect
from diracx_bridge.cs_sync.previous import Previous

from .configurations import Tree, changed, codes, convert, minimal, put, with_biolab
from .test_validation import PickyConfig, VoPickyConfig

VO = "DiracX/CsSync/VOs/gridlab"


def good() -> Tree:
    tree = with_biolab()
    put(tree, "Registry/Users/bob/Email", "bob@example.org")
    put(tree, "Registry/Groups/gridlab_user/JobShare", "500")
    return tree


def published(tree: Tree, **options: Any) -> Previous:
    content = convert(tree, **options).content
    assert content is not None
    return Previous(content, "2026-01-01 00:00:00")


def held(result: Result) -> list[str]:
    return [found.code for found in result.findings if found.effect is Effect.HELD]


BROKEN = {
    "Registry/Users/bob/Email": ("bob at home", "email-invalid"),
    "Registry/Groups/gridlab_user/JobShare": ("0.5", "number-invalid"),
    f"{VO}/IdP/URL": ("nowhere", "idp-url-invalid"),
    f"{VO}/IdP/ClientID": ("", "vo-without-idp"),
    f"{VO}/IdP": (None, "vo-without-idp"),
    f"{VO}/UserSubjects/bob": ("sub-alice", "subject-shared"),
    f"{VO}/DefaultGroup": ("gone", "default-group-unknown"),
    "Registry/Groups/gridlab_user/VO": (None, "group-without-vo"),
    "Registry/Users/bob": ("oops", "subject-dangling"),
}


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_entry_keeps_its_last_good_value(path: str) -> None:
    value, code = BROKEN[path]
    before = published(good())
    result = convert(put(good(), path, value), previous=before)
    assert result.content == before.content
    assert held(result) == [code]


def test_an_empty_subject_keeps_the_last_good_one() -> None:
    before = published(good())
    result = convert(put(good(), f"{VO}/UserSubjects/bob", ""), previous=before)
    assert result.content == before.content


def test_a_broken_entry_that_was_never_good_is_left_out() -> None:
    tree = put(good(), "Registry/Users/alice/Email", "alice at home")
    result = convert(tree, previous=published(good()))
    assert result.content is not None
    assert "Email" not in result.content["Registry"]["gridlab"]["Users"]["sub-alice"]
    assert held(result) == []


@pytest.mark.parametrize("path", ["Registry/Users/bob", f"{VO}/UserSubjects/bob"])
def test_a_user_who_was_removed_is_removed(path: str) -> None:
    result = convert(put(good(), path, None), previous=published(good()))
    assert result.content is not None
    registry = result.content["Registry"]["gridlab"]
    assert set(registry["Users"]) == set(registry["Groups"]["gridlab_user"]["Users"]) == {"sub-alice"}


def test_a_right_that_was_taken_away_does_not_come_back() -> None:
    tree = put(good(), "Registry/Groups/gridlab_user/Properties", "NormalUser, JobAdministrator")
    before = published(tree)
    result = convert(put(tree, "Registry/Groups/gridlab_user/Properties", "NormalUser, JobAdmin"), previous=before)
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["Groups"]["gridlab_user"]["Properties"] == ["NormalUser"]


def test_a_subject_that_someone_else_has_now_is_not_given_back() -> None:
    before = published(good())
    tree = put(put(good(), f"{VO}/UserSubjects/alice", "sub-bob"), f"{VO}/UserSubjects/bob", "")
    result = convert(tree, previous=before)
    assert result.content is not None
    users = result.content["Registry"]["gridlab"]["Users"]
    assert {subject: user["PreferedUsername"] for subject, user in users.items()} == {"sub-bob": "alice"}


def test_a_group_that_became_an_option_stays_as_published() -> None:
    before = published(good())
    result = convert(put(good(), "Registry/Groups/gridlab_user", "oops"), previous=before)
    assert result.content == before.content


def test_a_vo_that_became_an_option_stays_as_published() -> None:
    before = published(good())
    result = convert(put(good(), VO, "oops"), previous=before)
    assert result.content is not None
    assert result.content["Registry"] == before.content["Registry"]


def test_what_the_schema_refuses_stays_as_published() -> None:
    before = published(good(), schema=PickyConfig)
    result = convert(put(good(), "Registry/Users/bob/Email", "cat@example.org"), previous=before, schema=PickyConfig)
    assert result.content == before.content
    assert held(result) == ["schema-refused"]


def test_a_vo_that_the_schema_refuses_stays_as_published() -> None:
    tree = put(put(good(), "Registry/VO/biolab/VOMSName", "bio"), "Registry/VO/gridlab/VOMSName", "grid")
    before = published(tree, schema=VoPickyConfig)
    result = convert(put(tree, "Registry/VO/gridlab/VOMSName", None), previous=before, schema=VoPickyConfig)
    assert result.content == before.content


def test_a_published_value_that_the_schema_refuses_too_is_left_out() -> None:
    before = published(put(good(), "Registry/Users/bob/Email", "cat@example.org"))
    result = convert(put(good(), "Registry/Users/bob/Email", "cat2@example.org"), previous=before, schema=PickyConfig)
    assert result.content is not None
    assert "Email" not in result.content["Registry"]["gridlab"]["Users"]["sub-bob"]


def test_personal_data_does_not_come_back_from_what_was_published() -> None:
    before = published(good())
    result = convert(put(good(), "Registry/Users/bob", "oops"), previous=before, personal_data=False)
    assert result.content is not None
    for vo in result.content["Registry"].values():
        assert all(set(user) <= {"PreferedUsername"} for user in vo["Users"].values())


ODD = st.sampled_from([None, "x", [], {}, 1, True, ["a", 1], {"a": None}])


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_was_published_a_conversion_ends_well(data: st.DataObject) -> None:
    before = published(good()).content
    for _ in range(data.draw(st.integers(1, 3))):
        section = before
        while True:
            name = data.draw(st.sampled_from(sorted(section)))
            if not isinstance(section[name], dict) or not section[name] or data.draw(st.booleans()):
                break
            section = section[name]
        section[name] = deepcopy(data.draw(ODD))
    path = data.draw(st.sampled_from(sorted(BROKEN)))
    result = convert(
        put(good(), path, BROKEN[path][0]), previous=Previous(before), personal_data=data.draw(st.booleans())
    )
    if result.content is not None:
        Config.model_validate(result.content)
        assert all(change.text for change in result.changes())


# losses


def many(users: int) -> Tree:
    tree = minimal()
    for number in range(users):
        put(tree, f"Registry/Users/u{number}", {"DN": f"/CN={number}"})
        put(tree, f"{VO}/UserSubjects/u{number}", f"s{number}")
        put(tree, f"Operations/Defaults/Shifter/s{number}", "x")
    put(tree, "Registry/Groups/gridlab_user/Users", ", ".join(["alice", "bob", *(f"u{n}" for n in range(users))]))
    return tree


@pytest.mark.parametrize(("left", "refused"), [(40, False), (35, False), (20, True), (0, True)])
def test_a_file_that_loses_too_many_users_is_refused(left: int, refused: bool) -> None:
    result = convert(many(left), previous=published(many(40)))
    assert result.refused is refused
    assert ("entries-vanished" in codes(result)) is refused


def test_how_much_may_go_can_be_chosen() -> None:
    before = published(many(40))
    assert not convert(many(20), previous=before, max_loss=60).refused
    assert convert(many(35), previous=before, max_loss=1).refused


def test_one_user_of_few_may_go() -> None:
    assert not convert(changed(Registry__Users__bob=None), previous=published(minimal())).refused


def test_a_file_that_loses_all_users_of_a_vo_is_refused() -> None:
    tree = put(good(), "DiracX/CsSync/VOs/biolab/UserSubjects", {})
    assert convert(tree, previous=published(good())).refused


def test_a_file_that_loses_a_vo_of_two_is_refused() -> None:
    assert convert(minimal(), previous=published(with_biolab())).refused


def test_a_file_without_operations_is_refused() -> None:
    before = published(many(10))
    assert "entries-vanished" in codes(convert(put(many(10), "Operations", None), previous=before))


def test_the_message_counts_what_would_go_and_names_some() -> None:
    result = convert(many(20), previous=published(many(40)))
    messages = [found.message for found in result.findings if found.code == "entries-vanished"]
    assert any("20 of 42 users of VO gridlab would go (48 %" in message for message in messages)


@pytest.mark.parametrize(("version", "refused"), [("2025-12-31 23:59:59", True), ("2026-01-01 00:00:00", False)])
def test_a_file_with_an_older_version_is_refused(version: str, refused: bool) -> None:
    result = convert(changed(DIRAC__Configuration__Version=version), previous=published(minimal()))
    assert ("version-older" in codes(result)) is result.refused is refused

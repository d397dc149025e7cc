"""VOs, groups and users: who goes where, and what is said about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from .configurations import cfg, changed, codes, content, convert, convert_text, minimal, put, with_biolab

VO = "DiracX__CsSync__VOs__gridlab"
USERS = "Registry__Users"
GROUP = "Registry__Groups__gridlab_user"


def registry(**changes: Any) -> Any:
    return content(changed(**changes))["Registry"]["gridlab"]


def test_users_are_keyed_by_subject_and_groups_list_subjects() -> None:
    assert content(minimal())["Registry"] == {
        "gridlab": {
            "DefaultGroup": "gridlab_user",
            "IdP": {"URL": "https://idp.example.org", "ClientID": "client"},
            "Users": {
                "sub-alice": {"PreferedUsername": "alice", "DNs": ["/CN=Alice"]},
                "sub-bob": {"PreferedUsername": "bob", "DNs": ["/CN=Bob"]},
            },
            "Groups": {"gridlab_user": {"Properties": ["NormalUser"], "Users": ["sub-alice", "sub-bob"]}},
        }
    }


def test_a_person_in_two_vos_has_an_entry_in_each() -> None:
    found = content(with_biolab())["Registry"]
    assert set(found["gridlab"]["Users"]) == {"sub-alice", "sub-bob"}
    assert found["biolab"]["Users"]["bio-alice"] == {"PreferedUsername": "alice", "DNs": ["/CN=Alice"]}
    assert found["biolab"]["Groups"]["biolab_user"]["Users"] == ["bio-alice", "sub-carol"]


def test_a_bad_vo_does_not_stop_the_other() -> None:
    result = convert(put(with_biolab(), "DiracX/CsSync/VOs/gridlab/IdP/URL", None))
    assert result.content is not None
    assert set(result.content["Registry"]) == set(result.content["Operations"]) - {"Defaults"} == {"biolab"}
    assert "vo-without-idp" in codes(result)


# VOs


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"DiracX": None}, "vos-missing"),
        ({"DiracX__CsSync": None}, "vos-missing"),
        ({"DiracX__CsSync__VOs": {}}, "vos-missing"),
        ({"DiracX__CsSync__VOs": "gridlab"}, "vos-missing"),
        ({f"{VO}__IdP": None}, "vo-without-idp"),
        ({f"{VO}__IdP__ClientID": None}, "vo-without-idp"),
        ({f"{VO}__IdP__ClientID": ""}, "vo-without-idp"),
        ({f"{VO}__IdP__URL": "idp.example.org"}, "idp-url-invalid"),
        ({f"{VO}__IdP__URL": "ftp://idp.example.org"}, "idp-url-invalid"),
        ({f"{VO}__IdP__URL": "https://user:pw@idp.example.org"}, "idp-url-invalid"),
        ({f"{VO}__IdP__URL": "https://idp.example.org:port"}, "idp-url-invalid"),
        ({f"{VO}__DefaultGroup": None, f"{GROUP}__Properties": "Operator"}, "default-group-missing"),
        ({"Registry__Groups": {}}, "registry-incomplete"),
        ({"Registry": None}, "registry-incomplete"),
    ],
)
def test_a_file_without_any_good_vo_is_refused(changes: dict[str, Any], code: str) -> None:
    result = convert(changed(**changes))
    assert result.refused
    assert result.content is None
    assert code in codes(result)


def test_a_vo_called_defaults_is_left_out() -> None:
    tree = with_biolab()
    vos = tree["DiracX"]["CsSync"]["VOs"]
    vos["Defaults"] = vos.pop("gridlab")
    result = convert(tree)
    assert result.content is not None
    assert set(result.content["Registry"]) == {"biolab"}
    assert "vo-reserved-name" in codes(result)


@pytest.mark.parametrize(
    "url", ["https://idp.example.org/", '"https://idp.example.org"', "'https://idp.example.org//'"]
)
def test_quotes_and_trailing_slashes_of_the_provider_are_removed(url: str) -> None:
    assert registry(**{f"{VO}__IdP__URL": url})["IdP"]["URL"] == "https://idp.example.org"


def test_a_provider_without_encryption_is_taken_with_a_warning() -> None:
    result = convert(changed(**{f"{VO}__IdP__URL": "http://idp"}))
    assert not result.refused
    assert codes(result) == ["idp-url-http"]


def test_a_vo_that_is_not_described_is_named() -> None:
    tree = put(with_biolab(), "DiracX/CsSync/VOs/biolab", None)
    result = convert(tree)
    assert result.content is not None
    assert set(result.content["Registry"]) == {"gridlab"}
    assert codes(result) == ["vo-not-migrated"]


# default group


def test_the_first_default_group_that_exists_is_taken() -> None:
    result = convert(changed(**{f"{VO}__DefaultGroup": "other, gridlab_user"}))
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["DefaultGroup"] == "gridlab_user"
    assert codes(result) == ["default-group-list"]


@pytest.mark.parametrize(
    "more",
    [
        {"Registry__VO": {"gridlab": {"DefaultGroup": "x, gridlab_user"}}},
        {"Registry__DefaultGroup": "y, gridlab_user"},
        {},
    ],
)
def test_a_default_group_that_does_not_exist_is_replaced(more: dict[str, Any]) -> None:
    result = convert(changed(**{f"{VO}__DefaultGroup": "gone"}, **more))
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["DefaultGroup"] == "gridlab_user"
    assert codes(result) == ["default-group-unknown"]


def test_a_group_with_rights_never_becomes_the_default_by_itself() -> None:
    result = convert(changed(**{f"{VO}__DefaultGroup": "gone", f"{GROUP}__Properties": "NormalUser, JobAdministrator"}))
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["DefaultGroup"] == "gone"
    assert codes(result) == ["default-group-dangling"]


# groups


def test_groups_of_a_single_vo_installation_belong_to_its_vo() -> None:
    result = convert(changed(DIRAC__VirtualOrganization="gridlab", **{f"{GROUP}__VO": None}))
    assert result.content == content(minimal())
    assert codes(result) == ["group-default-vo"]


def test_a_group_without_vo_is_left_out() -> None:
    result = convert(changed(**{f"{GROUP}__VO": None}))
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["Groups"] == {}
    assert "group-without-vo" in codes(result)


def test_faults_of_a_group_without_vo_are_found_all_the_same() -> None:
    result = convert(changed(**{f"{GROUP}__VO": None, f"{GROUP}__JobShare": "0.5", f"{GROUP}__Nonsense": "1"}))
    assert {"group-without-vo", "number-invalid", "unknown-option"} <= set(codes(result))


def test_a_group_of_several_vos_goes_to_each() -> None:
    found = content(put(with_biolab(), "Registry/Groups/gridlab_user/VO", "gridlab, biolab"))["Registry"]
    assert found["gridlab"]["Groups"]["gridlab_user"]["Users"] == ["sub-alice", "sub-bob"]
    assert found["biolab"]["Groups"]["gridlab_user"]["Users"] == ["bio-alice"]


def test_a_vo_that_differs_in_capitals_is_reported() -> None:
    result = convert(changed(**{f"{GROUP}__VO": "GridLab"}))
    assert "vo-name-case" in codes(result)
    assert any("gridlab" in found.message and "GridLab" in found.message for found in result.findings)


def test_a_group_without_users_or_properties_is_kept_without_them() -> None:
    tree = put(minimal(), "Registry/Groups/empty", {"VO": "gridlab"})
    result = convert(tree)
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["Groups"]["empty"] == {"Properties": [], "Users": []}
    assert sorted(codes(result)) == ["group-without-properties", "group-without-users"]


def test_a_member_who_is_not_registered_is_reported_with_his_place() -> None:
    result = convert(changed(**{f"{GROUP}__Users": "alice, ghost"}))
    (found,) = [found for found in result.findings if found.code == "member-unknown"]
    assert "ghost" in found.message
    assert found.path == "/Registry/Groups/gridlab_user/Users"


# users


def test_a_subject_without_registered_user_is_dangling_and_nowhere() -> None:
    result = convert(changed(**{f"{USERS}__bob": None}))
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["Groups"]["gridlab_user"]["Users"] == ["sub-alice"]
    assert "subject-dangling" in codes(result)


def test_of_two_users_with_one_subject_the_first_is_kept_with_his_own_rights() -> None:
    tree = changed(**{f"{VO}__UserSubjects__bob": "sub-alice"})
    put(tree, "Registry/Groups/gridlab_admin", {"Users": "bob", "Properties": "JobAdministrator", "VO": "gridlab"})
    result = convert(tree)
    assert result.content is not None
    found = result.content["Registry"]["gridlab"]
    assert found["Users"] == {"sub-alice": {"PreferedUsername": "alice", "DNs": ["/CN=Alice"]}}
    assert found["Groups"]["gridlab_admin"]["Users"] == []
    assert codes(result) == ["subject-shared"]


@pytest.mark.parametrize("subject", ["", "None"])
def test_a_user_with_an_empty_subject_is_left_out(subject: str) -> None:
    result = convert(changed(**{f"{VO}__UserSubjects__bob": subject}))
    assert result.content is not None
    assert set(result.content["Registry"]["gridlab"]["Users"]) == {"sub-alice"}
    assert codes(result) == ["subject-empty"]


def test_a_user_in_no_group_is_left_out_with_a_warning() -> None:
    result = convert(changed(**{f"{GROUP}__Users": "alice"}))
    assert result.content is not None
    assert set(result.content["Registry"]["gridlab"]["Users"]) == {"sub-alice"}
    assert codes(result) == ["user-without-group"]


def test_members_without_subject_are_named_in_one_note() -> None:
    result = convert(changed(**{f"{VO}__UserSubjects": {}}))
    (found,) = [found for found in result.findings if found.code == "members-without-subject"]
    assert "alice, bob" in found.message


def test_a_user_without_dn_is_kept() -> None:
    result = convert(changed(**{f"{USERS}__bob": {"Email": "bob@example.org"}}))
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["Users"]["sub-bob"] == {
        "PreferedUsername": "bob",
        "Email": "bob@example.org",
    }
    assert codes(result) == ["user-no-dn"]


def test_an_option_in_the_place_of_a_user_stops_nobody_else() -> None:
    result = convert(changed(**{f"{USERS}__bob": "text"}))
    assert result.content is not None
    assert set(result.content["Registry"]["gridlab"]["Users"]) == {"sub-alice"}
    assert {"section-expected", "subject-dangling"} <= set(codes(result))


# every fault is found, whatever else is wrong


def test_faults_of_users_who_are_in_no_group_are_found_all_the_same() -> None:
    tree = changed(**{f"{GROUP}__VO": None, f"{USERS}__bob": {"Email": "bob at home"}})
    assert {"group-without-vo", "user-without-group", "user-no-dn", "email-invalid"} <= set(codes(convert(tree)))


def test_faults_in_a_vo_without_provider_are_found_all_the_same() -> None:
    tree = put(with_biolab(), "DiracX/CsSync/VOs/gridlab/IdP", None)
    put(tree, "Registry/Users/bob/Email", "bob at home")
    put(tree, "Registry/Groups/gridlab_user/JobShare", "0.5")
    put(tree, "Operations/gridlab/JobDescription/MaxCPUTime", "x")
    result = convert(tree)
    assert {"vo-without-idp", "email-invalid", "number-invalid"} <= set(codes(result))
    assert result.content is not None
    assert set(result.content["Registry"]) == {"biolab"}
    assert set(result.content["Operations"]) == {"Defaults", "biolab"}
    assert not any(path[1] == "gridlab" for outcome in result.account.outcomes.values() for path in outcome.targets)


def test_what_stands_after_an_error_of_syntax_is_looked_at() -> None:
    text = cfg(changed(**{f"{USERS}__bob__Email": "bob at home"})) + "Registry\n{\n  Groups\n  {\n  }\n}\n"
    result = convert_text(text)
    assert result.refused
    assert {"syntax-duplicate-section", "email-invalid"} <= set(codes(result))


def test_a_subject_that_somebody_without_a_group_has_too_is_reported_and_kept() -> None:
    tree = changed(**{f"{VO}__UserSubjects": {"old": "sub-alice", "alice": "sub-alice", "bob": "sub-bob"}})
    put(tree, "Registry/Users/old", {"DN": "/CN=Old"})
    result = convert(tree)
    assert result.content is not None
    assert set(result.content["Registry"]["gridlab"]["Users"]) == {"sub-alice", "sub-bob"}
    assert sorted(codes(result)) == ["subject-shared", "user-without-group"]


def test_quotes_round_subjects_and_default_groups_are_removed() -> None:
    tree = changed(**{f"{VO}__UserSubjects__bob": '"sub-bob"', f"{VO}__DefaultGroup": "'gridlab_user'"})
    result = convert(tree)
    assert result.content == content(minimal())
    assert codes(result) == ["value-quoted", "value-quoted"]
    assert result.account.counts()["unknown"] == 0


@pytest.mark.parametrize(
    ("changes", "code", "hint"),
    [
        ({f"{GROUP}__Users": "alice, Bob"}, "member-unknown", "bob"),
        ({f"{VO}__DefaultGroup": "Gridlab_User"}, "default-group-unknown", "gridlab_user"),
        ({f"{VO}__UserSubjects": {"Alice": "sub-alice", "bob": "sub-bob"}}, "subject-dangling", "alice"),
    ],
)
def test_other_capitals_are_pointed_out(changes: dict[str, Any], code: str, hint: str) -> None:
    (found,) = [found for found in convert(changed(**changes)).findings if found.code == code]
    assert found.remedy == f"Do you mean {hint}?"

"""Legacy values become typed ones as DIRAC understands them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .configurations import changed, codes, content, convert, minimal, put

GROUP = "Registry__Groups__gridlab_user"


def user(option: str, value: str) -> tuple[Any, list[str]]:
    """The converted user alice, with an option set, and the findings."""
    result = convert(changed(**{f"Registry__Users__alice__{option}": value}))
    assert result.content is not None
    return result.content["Registry"]["gridlab"]["Users"]["sub-alice"], codes(result)


def group(option: str, value: str) -> tuple[Any, list[str]]:
    result = convert(changed(**{f"{GROUP}__{option}": value}))
    assert result.content is not None
    return result.content["Registry"]["gridlab"]["Groups"]["gridlab_user"], codes(result)


@pytest.mark.parametrize("text", ["y", "Yes", "TRUE", "1"])
def test_a_flag_is_true_where_dirac_takes_it_for_true(text: str) -> None:
    assert group("AutoUploadProxy", text) == ({"AutoUploadProxy": True, **PLAIN}, [])


@pytest.mark.parametrize("text", ["n", "No", "FALSE", "0", "off", "", "None"])
def test_a_flag_is_false_where_it_says_so(text: str) -> None:
    assert group("AutoUploadProxy", text) == ({"AutoUploadProxy": False, **PLAIN}, [])


@pytest.mark.parametrize("text", ["on", "t", "enabled", "2"])
def test_a_flag_that_dirac_takes_for_false_is_false_with_a_warning(text: str) -> None:
    assert group("AutoUploadProxy", text) == ({"AutoUploadProxy": False, **PLAIN}, ["flag-unclear"])


PLAIN = {"Properties": ["NormalUser"], "Users": ["sub-alice", "sub-bob"]}


@pytest.mark.parametrize(("text", "number"), [("1000", 1000), (" 12 ", 12), ("1_000", 1000), ("007", 7), ("-1", -1)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert group("JobShare", text)[0]["JobShare"] == number


@pytest.mark.parametrize("text", ["0.5", "1e3", "", "None", "5 GB", "9" * 5000])
def test_what_is_no_whole_number_leaves_the_default(text: str) -> None:
    assert group("JobShare", text) == (PLAIN, ["number-invalid"])


@pytest.mark.parametrize("text", ["nan", "inf", "5 GB", ""])
def test_what_is_no_finite_number_is_left_out(text: str) -> None:
    result = convert(changed(Registry__DefaultStorageQuota=text))
    assert result.content is not None
    assert "DefaultStorageQuota" not in result.content["Registry"]["gridlab"]
    assert codes(result) == ["number-invalid"]


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_finite_number_is_read(number: float) -> None:
    found = content(changed(Registry__DefaultStorageQuota=repr(number)))["Registry"]["gridlab"]
    assert found["DefaultStorageQuota"] == number
    assert math.isfinite(found["DefaultStorageQuota"])


@pytest.mark.parametrize("option", ["Quota", "VOMSRole"])
def test_none_is_null_where_null_is_allowed(option: str) -> None:
    assert group(option, "None") == ({option: None, **PLAIN}, [])


@pytest.mark.parametrize(
    ("text", "dns", "found"),
    [
        ("/CN=A, /CN=B", ["/CN=A", "/CN=B"], []),
        ("/CN=A, /CN=A", ["/CN=A"], []),
        ("/O=Foo, Inc./CN=A", ["/O=Foo, Inc./CN=A"], ["dn-comma"]),
        ("/O=Foo, Inc./CN=A, /CN=B", ["/O=Foo, Inc./CN=A", "/CN=B"], ["dn-comma"]),
        ("CN=Bob,DC=example,DC=org", ["CN=Bob,DC=example,DC=org"], ["dn-comma", "dn-not-slashes"]),
        ("/CN=A,", ["/CN=A"], ["dn-empty"]),
        ("/CN=A, , /CN=B", ["/CN=A", "/CN=B"], ["dn-empty"]),
        ("", [], ["dn-empty"]),
        ("/O=DIRAC/CN=a, /CN=A", ["/CN=A"], ["dn-pseudo"]),
    ],
)
def test_distinguished_names_are_told_apart(text: str, dns: list[str], found: list[str]) -> None:
    alice, said = user("DN", text)
    assert (alice["DNs"], sorted(said)) == (dns, sorted(found))


@pytest.mark.parametrize(
    ("text", "vos", "found"),
    [("None", [], ["suspended-none"]), ("", [], []), ("gridlab, biolab", ["gridlab", "biolab"], ["user-suspended"])],
)
def test_suspension_is_a_list_and_none_is_the_empty_one(text: str, vos: list[str], found: list[str]) -> None:
    alice, said = user("Suspended", text)
    assert (alice["Suspended"], said) == (vos, found)


@pytest.mark.parametrize(
    ("text", "address"),
    [("a@Example.ORG", "a@example.org"), ("Alice <a@example.org>", "a@example.org"), ("None", None)],
)
def test_a_good_address_is_kept(text: str, address: str | None) -> None:
    assert user("Email", text)[0]["Email"] == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a at b", "email-invalid"),
        ("a@localhost", "email-invalid"),
        ("a@b.invalid", "email-invalid"),
        ("", "email-empty"),
    ],
)
def test_a_bad_address_is_left_out_and_the_user_kept(text: str, code: str) -> None:
    alice, said = user("Email", text)
    assert "Email" not in alice
    assert said == [code]


def test_of_several_addresses_the_first_good_one_is_kept() -> None:
    alice, said = user("Email", "nonsense, a@example.org, b@example.org")
    assert alice["Email"] == "a@example.org"
    assert said == ["email-several"]


def test_unknown_properties_are_left_out_with_a_hint() -> None:
    result = convert(changed(**{f"{GROUP}__Properties": "NormalUser # what they may do, JobAdministrater, normaluser"}))
    assert result.content is not None
    assert result.content["Registry"]["gridlab"]["Groups"]["gridlab_user"]["Properties"] == []
    remedies = [found.remedy for found in result.findings if found.code == "property-unknown"]
    assert len(remedies) == 3
    assert "NormalUser is not given" in remedies[0]
    assert remedies[1:] == ["Do you mean JobAdministrator?", "Do you mean NormalUser?"]


def test_platforms_are_kept_sorted_each_with_itself() -> None:
    tree = put(minimal(), "Resources/Computing/OSCompatibility", {"el9": "el8, el7,el 6", "el8": "el8"})
    assert content(tree)["Resources"] == {
        "Computing": {"OSCompatibility": {"el9": ["el6", "el7", "el8", "el9"], "el8": ["el8"]}}
    }


def test_platforms_nested_for_the_sake_of_upstream_are_kept() -> None:
    tree = put(minimal(), "Resources/Computing/OSCompatibility/OSCompatibility", {"el9": "el8"})
    assert content(tree)["Resources"]["Computing"]["OSCompatibility"] == {"el9": ["el8", "el9"]}

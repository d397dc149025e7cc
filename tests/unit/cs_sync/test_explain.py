"""Where a value comes from, and what became of an entry."""

from __future__ import annotations

from typing import Any

import pytest

from diracx_bridge.cs_sync.explain import Explanation, explain
from diracx_bridge.cs_sync.previous import Previous

from .configurations import cfg, changed, content, convert, convert_text, minimal, put


def about(path: str, tree: dict[str, Any] | None = None, **options: Any) -> Explanation:
    return explain(convert(tree or minimal(), **options), path)


def test_a_legacy_option_says_where_it_went() -> None:
    said = about("/Registry/Users/bob/DN")
    assert said.found
    assert said.lines[0] == "It is moved: Registry/gridlab/Users/sub-bob/DNs"
    assert "Rule: /Registry/Users/{user}/DN" in said.lines[1]
    assert (said.places[0]["file"], said.places[0]["value"]) == ("test.cfg", "/CN=Bob")


def test_a_dropped_option_says_why() -> None:
    said = about("/Registry/Users/bob/CA", changed(Registry__Users__bob__CA="/CN=CA"))
    assert said.lines[0].startswith("It is dropped: authority of the certificate")


def test_an_unknown_option_says_so_with_its_finding() -> None:
    said = about("/Operations/Defaults/Own", changed(Operations__Defaults__Own="1"))
    assert said.lines == ["It is unknown: unknown option"]
    assert [found.code for found in said.findings] == ["unknown-option"]


def test_a_section_lists_its_options() -> None:
    said = about("/Registry/Users/bob")
    assert said.lines[0] == "A section with 1 option(s)"
    assert said.lines[1].startswith("/Registry/Users/bob/DN: it is moved")


def test_a_path_that_is_not_there_names_the_nearest() -> None:
    said = about("/Registry/users/bob")
    assert not said.found
    assert said.lines[0] == "There is no 'users' in /Registry; is Users meant?"


@pytest.mark.parametrize("user", ["bob", "sub-bob"])
def test_a_typed_value_says_where_it_comes_from(user: str) -> None:
    said = about(f"Registry/gridlab/Users/{user}/DNs")
    assert said.found
    assert said.path == "Registry/gridlab/Users/sub-bob/DNs"
    assert said.places[0]["path"] == "/Registry/Users/bob/DN"
    assert said.places[0]["line"] > 1


def test_a_typed_section_lists_where_its_values_come_from() -> None:
    said = about("Registry/gridlab/Groups/gridlab_user")
    assert any("from /Registry/Groups/gridlab_user/Users (test.cfg:" in line for line in said.lines)


def test_a_typed_value_that_is_absent_says_why() -> None:
    tree = changed(Registry__Groups__gridlab_user__JobShare="0.5")
    said = about("Registry/gridlab/Groups/gridlab_user/JobShare", tree)
    assert not said.found
    assert any("/Registry/Groups/gridlab_user/JobShare (test.cfg:" in line and "dropped" in line for line in said.lines)


def test_a_typed_value_that_nothing_sets_says_what_would() -> None:
    said = about("Registry/gridlab/Groups/gridlab_user/JobShare")
    assert "/Registry/Groups/gridlab_user/JobShare would set it" in said.lines[1]


def test_operations_that_come_from_the_defaults_say_so() -> None:
    said = about("Operations/gridlab/Pilot/Version")
    assert (
        said.lines[1]
        == "DiracX takes Operations/Defaults/Pilot/Version instead, from /Operations/Defaults/Pilot/Version"
    )


def test_a_held_value_says_so() -> None:
    before = Previous(content(changed(Registry__Groups__gridlab_user__JobShare="5")))
    tree = changed(Registry__Groups__gridlab_user__JobShare="0.5")
    said = about("Registry/gridlab/Groups/gridlab_user/JobShare", tree, previous=before)
    assert said.lines[:2] == ["Value: 5", "What stands in the file is broken, so it stays as published last"]


def test_the_committer_of_the_option_or_of_its_section_is_named() -> None:
    text = cfg(minimal()).replace("    bob\n", "    #@@-carol@dirac_admin - 2026-01-02 03:04:05\n    bob\n", 1)
    text = text.replace("      DN = /CN=Bob", "      #@@-dave@dirac_prod - 2026-02-03 04:05:06\n      DN = /CN=Bob", 1)
    result = convert_text(text)
    option = explain(result, "/Registry/Users/bob/DN").places[0]
    section = explain(result, "/Registry/Users/bob").places[0]
    assert (option["committer"], option["group"]) == ("dave", "dirac_prod")
    assert (section["committer"], section["committed"]) == ("carol", "2026-01-02 03:04:05")


def test_a_name_that_holds_slashes_is_found() -> None:
    tree = changed(DiracX__CsSync__VOs__gridlab__UserSubjects__bob="https://idp/x/bob")
    assert about("Registry/gridlab/Users/https://idp/x/bob/DNs", tree).places[0]["path"] == "/Registry/Users/bob/DN"


def test_secrets_are_not_shown() -> None:
    tree = put(minimal(), "Systems/WMS/Databases/Password", "hunter2-hunter2")
    said = about("/Systems/WMS/Databases/Password", tree)
    assert "hunter2" not in str(said.as_dict())
    assert "secret" in said.places[0]["value"]


def test_a_refused_file_is_explained_as_far_as_it_was_read() -> None:
    result = convert_text("A\n{\n  x = 1\n")
    assert explain(result, "/A/x").lines[0] == "The file was refused before it was looked at"
    assert not explain(result, "Registry/gridlab").found

"""The difference of two configurations in the words of the field."""

from __future__ import annotations

from typing import Any

import pytest

from diracx_bridge.cs_sync.changes import typed_diff

from .configurations import Tree, changed, content, minimal, put, with_biolab

GROUP = "Registry/Groups/gridlab_user"
SUBJECTS = "DiracX/CsSync/VOs/gridlab/UserSubjects"


def more_users(count: int) -> Tree:
    tree = minimal()
    names = [f"u{number:02}" for number in range(count)]
    for name in names:
        put(tree, f"Registry/Users/{name}", {"DN": f"/CN={name}"})
        put(tree, f"{SUBJECTS}/{name}", f"s-{name}")
    return put(tree, f"{GROUP}/Users", ", ".join(["alice", "bob", *names]))


def texts(before: Any, after: Any) -> list[str]:
    return [f"{change.vo}: {change.text}" for change in typed_diff(content(before), content(after))]


def test_equal_configurations_have_no_difference() -> None:
    assert typed_diff(content(with_biolab()), content(with_biolab())) == []


def test_the_order_of_members_is_no_difference() -> None:
    before, after = content(minimal()), content(minimal())
    after["Registry"]["gridlab"]["Groups"]["gridlab_user"]["Users"].reverse()
    assert typed_diff(before, after) == []


def test_users_who_come_are_counted_in_the_vo_and_in_the_group() -> None:
    assert texts(minimal(), more_users(3)) == [
        "gridlab: 3 users added: u00, u01, u02",
        "gridlab: 3 users added to gridlab_user: u00, u01, u02",
    ]


def test_long_lists_are_shortened_but_complete_in_data() -> None:
    (first, *_) = typed_diff(content(more_users(15)), content(minimal()))
    assert first.text.startswith("15 users removed: u00")
    assert first.text.endswith("u09 and 5 more")
    assert len(first.names) == 15


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (f"{GROUP}/JobShare", "7", "gridlab: group gridlab_user: JobShare added as 7"),
        (f"{GROUP}/AutoUploadProxy", "y", "gridlab: group gridlab_user: AutoUploadProxy added as true"),
        (f"{GROUP}/Properties", "NormalUser, Operator", "gridlab: group gridlab_user: Properties changed: +Operator"),
        (f"{GROUP}/Properties", "Operator", "gridlab: group gridlab_user: Properties changed: +Operator, -NormalUser"),
        (f"{SUBJECTS}/bob", "new", "gridlab: user bob has another subject"),
        ("Registry/Users/bob/Email", "b@example.org", "gridlab: user bob: Email added"),
        ("DiracX/CsSync/VOs/gridlab/IdP/ClientID", "x", "gridlab: Registry/gridlab/IdP/ClientID changed"),
        ("Operations/gridlab/Pilot/Version", "9", "gridlab: Operations/gridlab/Pilot added"),
        ("Operations/Defaults/Pilot/Version", "9", ": Operations/Defaults/Pilot/Version changed"),
        ("Registry/DefaultStorageQuota", "0.5", "gridlab: Registry/gridlab/DefaultStorageQuota added as 0.5"),
    ],
)
def test_one_change_gives_one_line(path: str, value: str, text: str) -> None:
    assert texts(minimal(), put(changed(), path, value)) == [text]


def test_groups_and_vos_come_and_go() -> None:
    tree = put(minimal(), "Registry/Groups/g", {"VO": "gridlab", "Users": "bob", "Properties": "NormalUser"})
    assert texts(minimal(), tree) == ["gridlab: 1 group added: g"]
    assert texts(minimal(), with_biolab()) == [
        "biolab: VO biolab added: 2 users, 1 groups",
        "biolab: Operations/biolab added",
    ]
    assert texts(with_biolab(), minimal())[0] == "biolab: VO biolab removed"


@pytest.mark.parametrize("registry", [None, "x", {"gridlab": "x"}, {"gridlab": {"Users": []}}])
def test_a_broken_configuration_is_compared_too(registry: Any) -> None:
    odd = {"Registry": registry}
    assert typed_diff(odd, content(minimal()))
    assert typed_diff(content(minimal()), odd)

"""An overlay is what makes one content out of another, and can be laid over a third."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.cs_sync.git.overlay import ABSENT, apply, as_list, changes, from_list, merged

LEAVES = st.one_of(st.text(max_size=3), st.integers(0, 3), st.lists(st.text(max_size=2), max_size=2))
TREES = st.recursive(LEAVES, lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3), max_leaves=8)
CONTENTS = st.dictionaries(st.sampled_from("abcd"), TREES, max_size=3)


@given(CONTENTS, CONTENTS)
def test_the_changes_between_two_contents_make_one_out_of_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    overlay = dict(changes(before, after))
    assert apply(overlay, before)[0] == after
    assert apply(overlay, after) == (after, [])


@given(CONTENTS, CONTENTS)
def test_an_overlay_is_read_as_it_was_written(before: dict[str, Any], after: dict[str, Any]) -> None:
    overlay = dict(changes(before, after))
    assert from_list(as_list(overlay)) == overlay


def test_a_later_change_of_the_same_place_replaces_the_earlier_one() -> None:
    assert merged({("a", "b"): 1, ("c",): 2}, {("a",): ABSENT}) == {("c",): 2, ("a",): ABSENT}


def test_the_content_itself_is_not_changed() -> None:
    content = {"a": {"b": 1}}
    apply({("a", "b"): 2, ("a", "c"): 3}, content)
    assert content == {"a": {"b": 1}}


def test_entries_that_are_none_are_left_out() -> None:
    assert from_list("text") == {}
    assert from_list([{"path": []}, {"value": 1}, {"path": ["a"], "value": 1}, 3]) == {("a",): 1}

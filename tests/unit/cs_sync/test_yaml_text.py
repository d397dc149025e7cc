"""YAML comes back as it was, with the same bytes for the same content."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml

SUBJECT = st.from_regex(r"(0[bx]?|[1-9]e?)[0-9a-f]{14,18}(@[a-z]{2}(\.[a-z]{2})?)?|[01]{16}", fullmatch=True)
TEXT = (
    SUBJECT
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.sampled_from(
        [
            "on",
            "null",
            "0123",
            "1e3",
            "~",
            "=",
            "<<",
            "- a",
            "a: b",
            "# a",
            "'",
            '"',
            "@x",
            "%y",
            " x ",
            "",
            "2026-01-01",
            "1:30",
        ]
    )
)
CONTENT = st.dictionaries(
    TEXT,
    st.recursive(
        TEXT | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=10,
    ),
    max_size=5,
)


@settings(deadline=None)
@given(CONTENT)
def test_what_is_written_is_read_back(content: dict[str, Any]) -> None:
    assert from_yaml(to_yaml(content)) == content


@settings(deadline=None)
@given(CONTENT)
def test_the_pure_python_reader_of_diracx_reads_the_same(content: dict[str, Any]) -> None:
    assert yaml.safe_load(to_yaml(content)) == content


def test_the_order_of_keys_makes_no_difference() -> None:
    assert to_yaml({"b": {"y": 1, "x": 2}, "a": 3}) == to_yaml({"a": 3, "b": {"x": 2, "y": 1}})


def test_shared_lists_are_written_out() -> None:
    shared = ["x"]
    assert to_yaml({"a": shared, "b": shared}) == b"a:\n- x\nb:\n- x\n"


WORDS = st.text(st.sampled_from("abyenoYNf0127x.,:-=/@ #'é\\n_~+"), max_size=12)
TEXTS = st.one_of(
    WORDS,
    st.text(max_size=5),
    st.uuids().map(str),
    SUBJECT,
    st.lists(st.sampled_from(["a", "b:c", "/x=y"]), max_size=60).map(" ".join),
)
VALUES = st.one_of(
    TEXTS, st.booleans(), st.integers(), st.none(), st.floats(allow_nan=False), st.lists(TEXTS, max_size=3)
)
TREES = st.recursive(VALUES, lambda inner: st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12)


@given(st.dictionaries(TEXTS, TREES, max_size=4))
def test_the_bytes_are_those_of_the_library(content: dict[str, Any]) -> None:
    def no_aliases(dumper: object, data: object) -> bool:
        return True

    plain = type("Plain", (yaml.CSafeDumper,), {"ignore_aliases": no_aliases})
    assert to_yaml(content) == yaml.dump(content, Dumper=plain, sort_keys=True, default_flow_style=False).encode()

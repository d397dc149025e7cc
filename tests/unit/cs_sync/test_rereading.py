"""A text that was compared with another one reads like one that was read by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.cs_sync import rereading
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.reader import read
from diracx_bridge.cs_sync.rereading import Known, Reread, reread
from diracx_bridge.cs_sync.tree import Node, Section, file_of, path_of
from tests.load.cs.generator import configuration

from .variants import variant

OLD, NEW = "old.cfg", "new.cfg"


def known(text: str) -> Known:
    return Known(text.encode(), read(text, Findings(OLD)))


def nodes(root: Section, place: Callable[[Node, int], int]) -> Iterator[Any]:
    """Everything that is known about each entry, in order."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Section):
            waiting += reversed(node.entries.values())
            end = place(node, node.end) if node is not root else bool(node.end)
            yield path_of(node), place(node, node.line), node.column, node.comment, end
        else:
            parts = [(part.text, place(node, part.line), part.column) for part in node.parts]
            yield path_of(node), place(node, node.line), node.column, node.comment, parts


def compared(old: str, new: str) -> Reread | None:
    """What comparing gives, which must be what reading gives."""
    before = known(old)
    tree = list(nodes(before.root, lambda node, line: line))
    given = reread(before, new.encode(), NEW)
    assert list(nodes(before.root, lambda node, line: line)) == tree
    findings = Findings(NEW)
    whole = read(new, findings)
    if given is None:
        return None
    assert not list(findings)

    def moved(node: Node, line: int) -> int:
        return given.line(line) if file_of(node) == OLD else line

    assert list(nodes(given.root, moved)) == list(nodes(whole, lambda node, line: line))
    return given


@pytest.fixture(scope="module", autouse=True)
def small_sections_are_compared_too() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rereading, "_SMALL", 10)
        yield


LARGE = configuration(60, 20)
NAMES = st.sampled_from(["A", "B", "C", "D x"])
TREES = st.recursive(
    st.sampled_from(["1", "a, b", "", "x{y"]),
    lambda below: st.dictionaries(NAMES, below, max_size=4),
    max_leaves=25,
).filter(lambda tree: isinstance(tree, dict))


def written(tree: dict[str, Any], pad: str = "", step: str = "  ") -> str:
    lines = ""
    for name, value in tree.items():
        if isinstance(value, dict):
            lines += f"{pad}{name}\n{pad}{{\n{written(value, pad + step, step)}{pad}}}\n"
        else:
            lines += f"{pad}#@@-me@admin\n{pad}{name} = {value}\n" + f"{pad}{name} += more\n" * (value == "1")
    return lines


@settings(deadline=None)
@given(TREES, TREES, st.sampled_from(["  ", "\t", "", "    "]))
def test_two_texts_that_have_parts_in_common(old: Any, new: Any, step: str) -> None:
    compared(written(old, step=step), written({**old, **new}, step=step))
    compared(written({**new, **old}, step=step), written(old, step=step))


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32))
def test_a_text_with_changes_as_people_make_them(seed: int) -> None:
    compared(LARGE, variant(LARGE, Random(seed)))


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "a = 1",
                "a += 2",
                "b = x",
                "A",
                "B",
                "{",
                "{",
                "}",
                "}",
                "# note",
                "  A",
                "  {",
                "  }",
                "A/B = 1",
                "A/C",
                "",
            ]
        ),
        max_size=25,
    ),
    st.data(),
)
def test_any_lines(lines: list[str], data: st.DataObject) -> None:
    new = list(lines)
    at = data.draw(st.integers(0, len(lines)))
    new[at : at + data.draw(st.integers(0, 3))] = data.draw(
        st.lists(st.sampled_from([*lines, "A", "{", "}", "c = 1"]), max_size=3)
    )
    compared("\n".join(lines), "\n".join(new))
    compared("\n".join(lines) + "\n", "\n".join(new) + "\n")


@pytest.mark.parametrize(
    "change",
    [
        ("new.example.org", "old.example.org"),
        ("user00003@mail", "user00003@other"),
        ("MoUTierLevel = 2", "MoUTierLevel = 3"),
        ("Name = SITE-7", "Name = SITE-77"),
    ],
)
def test_nearly_everything_is_taken_over_when_one_option_changes(change: tuple[str, str]) -> None:
    given = compared(LARGE, LARGE.replace(*change))
    assert given is not None
    assert sum(kept.lines for kept in given.kept) > 0.9 * LARGE.count("\n")


@pytest.mark.parametrize(
    "data",
    [b"A = 1\r\n", b"\xef\xbb\xbfA = 1\n", b"A = \xe9\n", b"PK\x03\x04", b"A\n{\n", b"A/B = 1\n", b"A = 1\nA = 2\n"],
)
def test_a_text_with_something_odd_is_not_compared(data: bytes) -> None:
    assert reread(known(LARGE), data, NEW) is None


@pytest.mark.parametrize("text", ["A/B = 1", "A = 1\nA = 2", "A = 1\n#x\nA += 2", "A\n{\n#x\n}", "A\n{\nx\n}\n{\n}"])
def test_a_text_is_not_compared_with_an_odd_one(text: str) -> None:
    assert reread(known(text), LARGE.encode(), NEW) is None


@pytest.mark.parametrize("line", ["Users += more", "A/x = 2", "A/B", "A", "x += 2", "  x += 2", "A/x += 2"])
@pytest.mark.parametrize("lines_before", range(6))
def test_what_is_known_is_not_changed_by_what_follows(line: str, lines_before: int) -> None:
    text = "A\n{\n  x = 1\n}\nUsers = me\nB\n{\n  x = 1\n}\n"
    more = "y = 1\n" * lines_before
    compared(text, f"{text}{more}{line}\n")
    compared(text, f"{text}{more}{line}\n{{\n  x += 2\n}}\n")
    compared(f"{more}{text}", f"{text}{line}\n")
    compared(text, text.replace("x = 1\n}\nUsers", f"x = 1\n}}\n{line}\nUsers"))

"""The reader sees what DIRAC sees, and says where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from diraccfg import CFG
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.reader import read
from diracx_bridge.cs_sync.tree import Option, Section, path_of, walk_options


def parse(text: str) -> tuple[Section, Findings]:
    findings = Findings("test.cfg")
    return read(text, findings), findings


def entries(section: Section) -> list[Any]:
    """Names, comments and values in order, sections nested."""
    return [
        (entry.name, entry.comment, entry.value if isinstance(entry, Option) else entries(entry))
        for entry in section.entries.values()
    ]


def diraccfg_entries(cfg: CFG) -> list[Any]:
    return [
        (name, cfg.getComment(name), cfg[name] if isinstance(cfg[name], str) else diraccfg_entries(cfg[name]))
        for name in cfg
    ]


def diraccfg_reads(text: str) -> list[Any] | None:
    """What diraccfg makes of the text; None if it fails, in whatever way."""
    try:
        return diraccfg_entries(CFG().loadFromBuffer(text))
    except Exception:
        return None


PIECES = st.sampled_from(
    [
        "a",
        "B",
        "User",
        "{",
        "}",
        "{",
        "}",
        "=",
        "+=",
        "+",
        "/",
        "#",
        ",",
        " ",
        "\t",
        "x y",
        "\u00a0",
        "\u2028",
        "\x1c",
        "é",
        '"',
        ";",
    ]
)
LINES = st.lists(PIECES, max_size=8).map("".join)
REGULAR_LINES = st.sampled_from(
    [
        "a = 1",
        "a = 2",
        "a += 3",
        "b = x, y",
        "b += z",
        "A",
        "B",
        "C",
        "{",
        "{",
        "}",
        "}",
        "# note",
        "#@@-me - now",
        "A/B = 1",
        "A/C",
        "",
    ]
)


@settings(deadline=None)
@given(st.lists(LINES | REGULAR_LINES, max_size=20).map("\n".join))
def test_a_text_is_read_as_diraccfg_reads_it(text: str) -> None:
    tree, findings = parse(text)
    expected = diraccfg_reads(text)
    assert (None if findings.refuse() else entries(tree)) == expected


@settings(deadline=None)
@given(
    st.recursive(
        st.just("v"), lambda inner: st.dictionaries(st.sampled_from("ABCDE"), inner, max_size=4), max_leaves=20
    )
)
def test_what_diraccfg_writes_is_read_back(content: Any) -> None:
    tree = CFG().loadFromDict(content if isinstance(content, dict) else {"A": content})
    ours, findings = parse(str(tree))
    assert not list(findings)
    assert entries(ours) == diraccfg_entries(CFG().loadFromBuffer(str(tree)))


TEXT = """\
# top
A
{
  x = 1
  #@@-me@group - 2026-01-01
  list = a, b
  list += c
  B { y=2
  }
}
"""


def test_every_entry_has_line_and_column() -> None:
    tree, _ = parse(TEXT)
    section, option = tree.section("A", "B"), tree.option("A", "B", "y = 2")
    assert section is not None
    assert option is None
    assert (section.line, section.column) == (8, 3)
    found = tree.option("A", "list")
    assert found is not None
    assert (found.line, found.column, found.comment) == (6, 3, "@@-me@group - 2026-01-01\n")


def test_every_entry_of_a_list_has_line_and_column() -> None:
    tree, _ = parse(TEXT)
    option = tree.option("A", "list")
    assert option is not None
    assert [(part.text, part.line, part.column) for part in option.items()] == [
        ("a", 6, 10),
        ("b", 6, 13),
        ("c", 7, 11),
    ]


def test_a_place_in_a_value_is_found_behind_an_append() -> None:
    option = parse("l = a, b\nl += cd")[0].option("l")
    assert option is not None
    assert option.value == "a, b, cd"
    assert [(option.place(index).line, option.place(index).column) for index in (0, 3, 6, 7)] == [
        (1, 5),
        (1, 8),
        (2, 6),
        (2, 7),
    ]


def test_paths_start_at_the_root() -> None:
    tree, _ = parse(TEXT)
    assert path_of(tree) == "/"
    assert sorted(path_of(option) for option in walk_options(tree)) == ["/A/B/B { y", "/A/list", "/A/x"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(end: str) -> None:
    assert entries(parse(f"A{end}{{{end} x = 1{end}}}{end}")[0]) == [("A", "", [("x", "", "1")])]


ERRORS = {
    "A\n{\n": ("syntax-unclosed", 1, 1),
    "A\n{\n}\n }\n": ("syntax-extra-brace", 4, 2),
    "A { }\n A { }\n": ("syntax-duplicate-section", 2, 2),
    "a = 1\na { }\n": ("syntax-section-over-option", 2, 1),
    "{\n}\n": ("syntax-no-name", 1, 1),
    " = 1\n": ("syntax-no-name", 1, 2),
    " += 1\n": ("syntax-no-name", 1, 2),
    "\n  a += 1\n": ("syntax-append-undeclared", 2, 3),
    "A { }\nA += 1\n": ("syntax-append-to-section", 2, 1),
    "A/B\n{\n  x = 1\n}\n": ("syntax-no-parent", 1, 1),
    "a = 1\na/b = 2\n": ("syntax-path-through-option", 2, 1),
    "a/b {\n / {\n }\n}\n": ("syntax-no-parent", 1, 1),
}


@pytest.mark.parametrize("text", ERRORS)
def test_a_syntax_error_is_found_where_it_is(text: str) -> None:
    findings = parse(text)[1]
    assert diraccfg_reads(text) is None
    assert [(found.code, found.line, found.column) for found in findings if found.refuses] == [ERRORS[text]]


ODDITIES = {
    "a = 1\na = 2\n": ("odd-duplicate-option", 2, 1),
    "A { }\nA = 2\n": ("odd-option-over-section", 2, 1),
    "lone word\na = 1\n": ("odd-stray-text", 1, 1),
    "A { }\n oops": ("odd-stray-text", 2, 2),
    "oops\nB { }\n": ("odd-split-name", 1, 1),
    "N{x} = 1": ("odd-brace-in-name", 1, 1),
    "A/x = 1\n": ("odd-lost-path", 1, 1),
    "A/B { }\n": ("odd-lost-path", 1, 1),
    "/ { }\n": ("odd-lost-path", 1, 1),
}


@pytest.mark.parametrize("text", ODDITIES)
def test_what_dirac_swallows_is_a_warning_where_it_is(text: str) -> None:
    findings = parse(text)[1]
    assert diraccfg_reads(text) is not None
    assert [(found.code, found.line, found.column) for found in findings] == [ODDITIES[text]]


def test_all_errors_are_found_in_one_run() -> None:
    text = "A\n{\n  l += 1\n  B { }\n  B { }\n  = 2\n}\n}\nC\n{\n"
    findings = parse(text)[1]
    assert [(found.code, found.line) for found in findings] == [
        ("syntax-append-undeclared", 3),
        ("syntax-duplicate-section", 5),
        ("syntax-no-name", 6),
        ("syntax-extra-brace", 8),
        ("syntax-unclosed", 9),
    ]


def test_an_unclosed_section_is_told_with_the_line_that_betrays_it() -> None:
    text = "A\n{\n  B\n  {\n    x = 1\nC\n{\n}\n"
    messages = [found.message for found in parse(text)[1] if found.code == "syntax-unclosed"]
    assert len(messages) == 2
    assert any("line 6" in message for message in messages)


def test_stray_text_is_never_repeated() -> None:
    findings = parse("Password: hunter2\na = 1\n")[1]
    assert not any("hunter2" in found.message for found in findings)


def many_users(count: int) -> Iterator[str]:
    yield "Users\n{"
    for number in range(count):
        yield f"u{number}\n{{\nDN = /CN={number}\n}}"
    yield "}"


def test_deep_nesting_is_read_without_recursion() -> None:
    tree, findings = parse("A\n{\n" * 5000 + "x = 1\n" + "}\n" * 5000)
    assert not list(findings)
    assert path_of(next(walk_options(tree))) == "/..." + "/A" * 99 + "/x"


def test_hopeless_text_is_refused_without_end_of_findings() -> None:
    for text in ("{\n" * 50_000, "}\n" * 50_000, "+=\n" * 50_000, "# x\n" * 50_000 + "A {", "a/b {\n" * 50_000):
        findings = parse(text)[1]
        assert findings.refuse()
        assert len(findings) < 1100


def test_a_section_with_many_entries_is_read() -> None:
    tree, findings = parse("\n".join(many_users(40_000)))
    users = tree.section("Users")
    assert users is not None
    assert len(users.entries) == 40_000
    assert not list(findings)
